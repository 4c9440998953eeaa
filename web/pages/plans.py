"""All pages on which an administrator carries a plan in, under one router."""

from __future__ import annotations

from fastapi import APIRouter

from web.pages import plan_import, plan_list, plan_rehearsal, plan_review, plan_revision, plan_roll_over

router = APIRouter()
for page in (plan_list, plan_roll_over, plan_review, plan_import, plan_revision, plan_rehearsal):
    router.include_router(page.router)
