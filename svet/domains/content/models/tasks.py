"""The approval of mandatory pages: by a second person, whoever wrote or sent the page is not the one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from wagtail.models import AbstractGroupApprovalTask


class SecondPersonTask(AbstractGroupApprovalTask):
    """Approval by a member of the groups who neither asked for it nor wrote the text that is to be published."""

    class Meta:
        db_table = "content_second_person_task"
        verbose_name = "утверждение вторым лицом"
        verbose_name_plural = "утверждения вторым лицом"

    def get_actions(self, obj: Any, user: Any) -> list[Any]:
        """Return what may be done; the author may still send his text back."""
        actions = super().get_actions(obj, user)
        state = obj.current_workflow_state
        asked_by = state.requested_by_id if state else None
        if user.pk in {asked_by, _author_of(obj)}:
            return [action for action in actions if action[0] != "approve"]
        return actions

    def on_action(self, task_state: Any, user: Any, action_name: str, **kwargs: Any) -> Any:
        """Do it; an approver who changed the text while approving it has become its author."""
        obj = task_state.workflow_state.content_object
        if action_name == "approve" and user.pk in {task_state.workflow_state.requested_by_id, _author_of(obj)}:
            raise PermissionDenied
        return super().on_action(task_state, user, action_name, **kwargs)


def _author_of(obj: Any) -> int | None:
    revision = obj.get_latest_revision()
    return revision.user_id if revision else None
