"""Every periodic job of the installation on one page (cron times are UTC: Moscow is three hours ahead)."""

from procrastinate import builtin_tasks

from svet.domains.access import jobs as access
from svet.domains.accounts import jobs as accounts
from svet.domains.billing import jobs as billing
from svet.domains.cases import jobs as cases
from svet.domains.content import jobs as content
from svet.domains.debts import jobs as debts
from svet.domains.ledger import jobs as ledger
from svet.domains.visits import jobs as visits
from svet.flows import jobs as flows
from svet.infra.jobs import app
from svet.surfaces.cabinet import jobs as cabinet
from svet.surfaces.desk import jobs as desk
from svet.surfaces.gates import jobs as gates

app.periodic(cron="* * * * *")(flows.deliver_facts)
app.periodic(cron="* * * * *")(billing.resume_runs)
app.periodic(cron="* * * * *")(billing.resume_revisions)
app.periodic(cron="* * * * *")(debts.resume_penalties)
app.periodic(cron="* * * * *")(gates.send_messages)
app.periodic(cron="* * * * *")(gates.answer_sms)
app.periodic(cron="* * * * *")(gates.read_mailbox)
app.periodic(cron="* * * * *")(gates.print_receipts)
app.periodic(cron="* * * * *")(gates.exchange_with_gis)
app.periodic(cron="* * * * *")(content.publish_scheduled)
app.periodic(cron="*/10 * * * *")(cases.close_abandoned_contacts)
app.periodic(cron="*/10 * * * *")(cases.tend_clocks)
app.periodic(cron="*/10 * * * *")(cabinet.tend_disclosures)
app.periodic(cron="*/10 * * * *")(desk.tend_exports)
app.periodic(cron="*/10 6-17 * * *")(flows.ask_about_answers)
app.periodic(cron="*/10 * * * *")(flows.remind_of_bookings)
app.periodic(cron="5 21 * * *")(cases.hand_over_absent)
app.periodic(cron="5 7 * * *")(flows.remind_of_readings)
app.periodic(cron="10 2 * * *")(accounts.index_accounts)
app.periodic(cron="40 2 * * *")(ledger.check_turnovers)
app.periodic(cron="25 3 * * *")(access.forget_codes)
app.periodic(cron="35 3 * * *")(flows.remove_unused_files)
app.periodic(cron="50 3 * * *")(flows.forget_site_changes)
app.periodic(cron="15 21 * * *")(visits.end_days_of_halls)
app.periodic(cron="45 3 * * *")(visits.forget_bookings)
app.periodic(cron="20 7 * * *")(visits.displace_bookings)


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: object, timestamp: int) -> None:
    """Delete finished jobs after three days; what they did is in audit and facts."""
    await builtin_tasks.remove_old_jobs(context, max_hours=72, remove_failed=False)  # type: ignore[arg-type]
