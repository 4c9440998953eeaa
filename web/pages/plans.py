"""All pages on which an administrator carries a plan in, under one router."""

from __future__ import annotations

from fastapi import APIRouter

from web.pages import plan_import, plan_list, plan_review, plan_revision

router = APIRouter()
for page in (plan_list, plan_review, plan_import, plan_revision):
    router.include_router(page.router)
