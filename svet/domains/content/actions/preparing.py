"""The tree of pages, the groups of those who write and approve, and the approval itself: made once, safe to repeat.

Rights come from roles (`access.rules`); Wagtail's groups only mirror them, at the editor's door.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from svet.domains.access.rules import Right
from svet.domains.content.models import (
    HomePage,
    KnowledgeHome,
    NewsIndexPage,
    QuestionsPage,
    SecondPersonTask,
    SectionPage,
)

EDITORS, APPROVERS = "Редакторы сайта", "Утверждающие"
GROUPS = {Right.EDIT_CONTENT: EDITORS, Right.APPROVE_CONTENT: APPROVERS}
APPROVAL = "Утверждение"
OF_WAGTAIL, ROOT, FILES = "Root", "Все страницы", "Все файлы"
"""How Wagtail names the roots it plants itself, and what editors read in their place."""
ONE_PREPARATION_AT_A_TIME = 7_301_002
"""The advisory lock: two at once would both plant the tree."""


def prepare() -> HomePage:
    """Plant what is absent of the tree, the groups and the approval; return the root of the site."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_PREPARATION_AT_A_TIME])
        home, base = _roots()
        info = _below(home, SectionPage(title="Справка", slug="info", summary="Правила и порядок простыми словами"))
        faq = _below(home, QuestionsPage(title="Вопросы и ответы", slug="faq", summary="О чём спрашивают чаще всего"))
        news = _below(home, NewsIndexPage(title="Новости и акции", slug="news", summary="Что нового и что проводим"))
        editors, approvers = (Group.objects.get_or_create(name=name)[0] for name in (EDITORS, APPROVERS))
        _let_in(editors, approvers)
        _let(editors, home, "add", "change")
        for page in (faq, news, base):
            _let(editors, page, "add", "change", "publish")
        _let(approvers, home, "change", "lock", "unlock")
        _let(approvers, base, "change")
        _approval(info, approvers)
    return home


def keep_groups(user_id: int, *, rights: Iterable[Right]) -> None:
    """Bring a person's groups in step with the rights his roles give him now."""
    wanted = {GROUPS[right] for right in rights}
    user = get_user_model().objects.get(pk=user_id)
    held = set(user.groups.filter(name__in=GROUPS.values()).values_list("name", flat=True))
    if held != wanted:
        with transaction.atomic():
            user.groups.remove(*Group.objects.filter(name__in=held - wanted))
            user.groups.add(*(Group.objects.get_or_create(name=name)[0] for name in wanted - held))


def _roots() -> tuple[HomePage, KnowledgeHome]:
    Locale.objects.get_or_create(language_code="ru")
    root = Page.get_first_root_node() or Page.add_root(instance=Page(title=ROOT, slug="root"))
    home = HomePage.objects.first() or root.add_child(instance=HomePage(title="Сайт", slug="site"))
    root.refresh_from_db()
    base = KnowledgeHome.objects.first() or root.add_child(instance=KnowledgeHome(title="База знаний", slug="base"))
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(hostname="localhost", port=80, root_page=home, is_default_site=True, site_name="Свет")
    elif site.root_page_id != home.pk:
        welcome, site.root_page = site.root_page, home
        site.save()
        if welcome.depth > 1 and welcome.specific_class is Page:
            welcome.delete()
    files = Collection.get_first_root_node() or Collection.add_root(name=FILES)
    # Asked first: an update of no rows is a change of the site all the same (infra.site_changes).
    if root.title == OF_WAGTAIL:
        Page.objects.filter(pk=root.pk).update(title=ROOT, draft_title=ROOT)
    if files.name == OF_WAGTAIL:
        Collection.objects.filter(pk=files.pk).update(name=FILES)
    return home, base


def _below(parent: Page, page: Page) -> Page:
    found = type(page).objects.child_of(parent).filter(slug=page.slug).first()
    if found is not None:
        return found
    parent.refresh_from_db()
    return parent.add_child(instance=page)


def _let_in(*groups: Group) -> None:
    door = Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")
    for group in groups:
        group.permissions.add(door)
    root = Collection.get_first_root_node()
    for verb in ("add", "change", "choose"):
        may = Permission.objects.get(content_type__app_label="wagtaildocs", codename=f"{verb}_document")
        GroupCollectionPermission.objects.get_or_create(group=groups[0], collection=root, permission=may)
    words = {f"{verb}_samewords" for verb in ("view", "add", "change", "delete")}
    groups[0].permissions.add(*Permission.objects.filter(content_type__app_label="content", codename__in=words))


def _let(group: Group, page: Page, *verbs: str) -> None:
    for verb in verbs:
        may = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{verb}_page")
        GroupPagePermission.objects.get_or_create(group=group, page_id=page.pk, permission=may)


def _approval(section: Page, approvers: Group) -> None:
    workflow = Workflow.objects.get_or_create(name=APPROVAL)[0]
    task = SecondPersonTask.objects.filter(name=APPROVAL).first() or SecondPersonTask.objects.create(name=APPROVAL)
    task.groups.add(approvers)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task.task_ptr)
    WorkflowPage.objects.get_or_create(page_id=section.pk, defaults={"workflow": workflow})
    # Wagtail's own approval at the root has nobody to approve: what is sent to it would wait for good.
    WorkflowPage.objects.filter(page__depth=1).delete()
