"""What the readers of PDF files call them in their errors."""

from __future__ import annotations

from typing import Final

KIND: Final = {"kind": "a PDF file", "kind_thai": "ไฟล์ PDF"}
