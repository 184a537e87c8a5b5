"""What a customer decides: consents given and withdrawn, and how he wants to be told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from svet.domains.customers.models import Consent, Preference
from svet.domains.customers.rules import CONSENT_TEXT, ConsentPurpose, Subject, Way
from svet.infra import audit, outbox
from svet.infra.locking import lock_row


def state_consent(
    customer_id: int, *, purpose: ConsentPurpose, is_given: bool, channel: str, at: datetime, text: str = CONSENT_TEXT
) -> bool:
    """Note that the customer gives a consent or withdraws it; return False when that is so already. Raise NotFound."""
    with transaction.atomic():
        lock_row("customers_customer", customer_id)
        last = Consent.objects.filter(customer_id=customer_id, purpose=purpose).order_by("-pk").first()
        stands = (last.is_given, last.text_version) if last is not None else (False, text)
        if stands[0] is is_given and (not is_given or stands[1] == text):
            return False
        Consent.objects.create(
            customer_id=customer_id, purpose=purpose, is_given=is_given, at=at, text_version=text, channel=channel
        )
        data = {"purpose": purpose, "is_given": is_given, "text_version": text, "channel": channel}
        audit.record("customers.consent_stated", target_kind="customer", target_id=customer_id, at=at, data=data)
        outbox.record("customers.consent_stated", at=at, payload={"customer_id": customer_id, **data})
    return True


def prefer(customer_id: int, *, ways: Mapping[Subject, Way], at: datetime) -> bool:
    """Tell the customer of each subject in this way from now on; return False when nothing changed. Raise NotFound."""
    with transaction.atomic():
        lock_row("customers_customer", customer_id)
        before = dict(Preference.objects.filter(customer_id=customer_id).values_list("subject", "way"))
        changed = {
            Subject(subject).value: Way(way).value
            for subject, way in ways.items()
            if before.get(subject, Way.NONE.value) != way
        }
        for subject, way in changed.items():
            Preference.objects.update_or_create(customer_id=customer_id, subject=subject, defaults={"way": way})
        if changed:
            data = {"before": {subject: before.get(subject, Way.NONE.value) for subject in changed}, "after": changed}
            audit.record("customers.prefer", target_kind="customer", target_id=customer_id, at=at, data=data)
            outbox.record("customers.preferences_changed", at=at, payload={"customer_id": customer_id, **changed})
    return bool(changed)
