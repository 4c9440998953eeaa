"""All pages on which an administrator carries a plan in, under one router."""

from __future__ import annotations

from fastapi import APIRouter

from web.pages.plans import importing, listing, rehearsal, review, revision, roll_over

router = APIRouter()
for page in (listing, roll_over, review, importing, revision, rehearsal):
    router.include_router(page.router)
