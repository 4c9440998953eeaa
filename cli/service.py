"""`sucharit schedule|report|ledger|outbox|mailbox|audit|doctor`: what the administrator looks after."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.base import FAILED, ByOption, OfficeOption, changing, in_words, say, say_table, the_office, warn
from domain.errors import BadInputError, SucharitError
from domain.escalation import Skipped
from domain.fiscal import FiscalYear
from domain.outbox import OVER, LetterState
from domain.report_period import UNNAMED, ReportKind, ReportPeriod
from services import clock
from services.outbox.resend import send_again
from services.schedule.schedule import Act, MeasureKey, check_in_force, measure_keys, moments_of, note_act
from services.wiring import system

schedule_app = typer.Typer(no_args_is_help=True, help="The measures' flows in Prefect.")
report_app = typer.Typer(no_args_is_help=True, help="Quarterly reports.")
ledger_app = typer.Typer(no_args_is_help=True, help="The hash-chained book of everything that happened.")

MeasureArgument = Annotated[str, typer.Argument(help="For instance 2570/demo/m3.")]
SHOWN = 3


@schedule_app.command("show")
def show_schedule(
    measure: Annotated[str | None, typer.Argument(help="One measure; all, if not given.")] = None,
    *,
    count: Annotated[int, typer.Option(min=1, help="How many coming moments.")] = SHOWN,
    office: OfficeOption = None,
) -> None:
    """Show each measure's next moments and why, beside what Prefect has planned and done."""
    with in_words(), system().reading(the_office(office)) as desk:
        now = system().clock()
        keys = [check_in_force(desk, MeasureKey.parse(measure))] if measure else measure_keys(desk)
        views = {}
        if is_up := system().scheduler.is_up():
            views = {view.name: view for view in system().scheduler.show()}
        for key in keys:
            view = views.get(key.deployment)
            coming = [moment for moment in moments_of(desk, key) if moment.at > now][:count]
            state = "" if view is None else " (paused)" if view.paused else ""
            say(f"{key}{state}")
            planned = {run.timestamp() for run in view.next_runs} if view else set()
            for moment in coming:
                reasons = ", ".join(f"{kind} {period}" for kind, period in moment.reasons)
                mark = "scheduled" if moment.at.timestamp() in planned else ""
                say(f"  {moment.at:%Y-%m-%d %H:%M}  {mark:9}  {reasons}")
            if not coming:
                say("  no moment is to come")
            for run in view.last_runs[:SHOWN] if view else ():
                when = run.ended_at or run.started_at or run.expected_at
                say(f"    last run {_at(when)}: {run.state_name}. {run.message or ''} {run.url}".rstrip())
        if not is_up:
            warn("Prefect does not answer, so only the plan's own moments are shown. Start it with `make up`.")


def _at(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC" if when else "(no time)"


@schedule_app.command("apply")
def apply_schedule(*, office: OfficeOption = None) -> None:
    """Make Prefect's schedules equal to the plan's moments, and wait until it is done."""
    from services.schedule.wake import apply_schedules  # noqa: PLC0415 -- only this command needs it

    with in_words():
        key = the_office(office)
        run = system().scheduler.wait(apply_schedules(system().scheduler, key, system().clock()), 60)
        say(f"{run.state_name}: {run.message}")
        if run.state_type != "COMPLETED":
            raise SystemExit(FAILED)


@schedule_app.command()
def pause(measure: MeasureArgument, *, by: ByOption = "admin") -> None:
    """Stop a measure's flow; what it misses is made up for when it resumes, or by the daily sweep."""
    with in_words():
        key = _measure_key(measure)
        system().scheduler.pause(key.deployment)
        _note(key, Act.PAUSED, by)
        say(f"{measure} is paused. The daily sweep still repairs what it misses.")


@schedule_app.command()
def resume(measure: MeasureArgument, *, by: ByOption = "admin") -> None:
    """Let a measure's flow run at its moments again."""
    with in_words():
        key = _measure_key(measure)
        system().scheduler.resume(key.deployment)
        _note(key, Act.RESUMED, by)
        say(f"{measure} runs at its moments again.")


@schedule_app.command("run-now")
def run_now(measure: MeasureArgument, *, by: ByOption = "admin") -> None:
    """Run a measure's flow at once and say what became of it."""
    with in_words():
        key = _measure_key(measure)
        queued = system().scheduler.run_now(key.deployment)
        _note(key, Act.RUN, by)
        run = system().scheduler.wait(queued, 60)
        say(f"{run.state_name}: {run.message}")
        if not run.is_final:
            warn("No worker has finished it within 60 s. See whether `make up` runs its worker.")
            raise SystemExit(FAILED)


def _measure_key(measure: str) -> MeasureKey:
    """The measure's key, if its office is there to write down what is done."""
    key = MeasureKey.parse(measure)
    with system().reading(key.office):
        return key


def _note(key: MeasureKey, act: Act, by: str) -> None:
    now = system().clock()
    with changing(key.office, now) as desk:
        note_act(desk, key, act, by=by, now=now)
        desk.uow.commit()


@report_app.command("list")
def list_reports(*, office: OfficeOption = None) -> None:
    """List the frozen quarters."""
    with in_words(), system().reading(the_office(office)) as desk:
        rows = [
            (r.period.fiscal_year_be, r.period.short, r.revision, "final" if r.is_final else "draft",
             r.snapshot.frozen_on, f"{r.snapshot.totals.percent_done} %", (r.file_sha256 or "not rendered yet")[:16])
            for r in desk.uow.reports.all()
        ]  # fmt: skip
        say_table(("year", "quarter", "revision", "", "frozen on", "done", "sha256"), rows)


@report_app.command()
def freeze(
    fiscal_year: int,
    quarter: Annotated[int, typer.Argument(min=1, max=4)],
    *,
    kind: Annotated[ReportKind, typer.Option(help="Kind of report.")] = UNNAMED,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Freeze a quarter as it stands now, as a new revision, and write its report."""
    from services.reporting import quarter_report as reports  # noqa: PLC0415 -- only this command needs it

    with in_words():
        key, now = the_office(office), system().clock()
        with changing(key, now) as desk:
            period = ReportPeriod(kind, FiscalYear(fiscal_year).be, quarter)
            frozen = reports.freeze(desk, period, now, by=by, is_forced=True)
            desk.uow.commit()
        if isinstance(frozen, Skipped):
            say(f"Nothing frozen: {frozen.why}.")
        for waiting in reports.unrendered(system().store, key):
            done = reports.render(system().store, system().files, key, waiting, system().clock())
            say(f"Written: {reports.file_name(done.report)}, sha256 {done.file_sha256[:16]}")
            if waiting.snapshot.unanswered:
                say(f"It is a draft: {len(waiting.snapshot.unanswered)} assignments lack an answer.")


@report_app.command()
def export(
    out: Annotated[Path, typer.Argument(help="Folder to write the documents to.")], *, office: OfficeOption = None
) -> None:
    """Write every report's document to a folder."""
    from services.reporting.quarter_report import file_name  # noqa: PLC0415 -- only this command needs it

    with in_words(), system().reading(the_office(office)) as desk:
        out.mkdir(parents=True, exist_ok=True)
        written = [report for report in desk.uow.reports.all() if report.file_sha256]
        for report in written:
            (out / file_name(report)).write_bytes(system().files.get(report.file_sha256 or ""))
            say(str(out / file_name(report)))
        say(f"{len(written)} reports.")


@ledger_app.command()
def verify(*, office: OfficeOption = None) -> None:
    """Check the whole chain."""
    from services.operations.audit import verify_ledger  # noqa: PLC0415 -- only this command needs it
    from services.operations.mend_clock import mends_of  # noqa: PLC0415 -- only this command needs it

    with in_words(), system().reading(the_office(office)) as desk:
        count, broken = verify_ledger(desk.uow)
        if broken:
            warn(broken[0])
            raise SystemExit(FAILED)
        say(f"{count} lines, unbroken. The last hash is {desk.uow.ledger.head()[1]}")
        for line in mends_of(desk.uow):
            back = f"from {line.entry.data['from']} to {line.entry.data['to']}"
            say(f"Line {line.seq}: the ledger had run ahead of the clock and was mended by {line.entry.actor}, {back}.")


@ledger_app.command("show")
def show_ledger(
    *,
    subject: Annotated[str | None, typer.Option(help="Only lines about this, e.g. an assignment.")] = None,
    last: Annotated[int, typer.Option(min=1, help="How many of the newest lines.")] = 30,
    office: OfficeOption = None,
) -> None:
    """Show the newest lines."""
    with in_words(), system().reading(the_office(office)) as desk:
        lines = list(desk.uow.ledger.lines(subject))[-last:]
        rows = [
            (
                line.seq,
                f"{line.entry.at:%Y-%m-%d %H:%M}",
                line.entry.kind,
                line.entry.actor,
                line.entry.subject,
                line.hash[:8],
            )
            for line in lines
        ]
        say_table(("line", "at (UTC)", "what", "who", "about", "hash"), rows)


def outbox(
    *,
    state: Annotated[LetterState | None, typer.Option(help="Only letters in this state.")] = None,
    resend: Annotated[str | None, typer.Option(help="Id of a parked letter to send again, or `all`.")] = None,
    printed: Annotated[Path | None, typer.Option("--print", help="Write the letters to print into this file.")] = None,
    by: ByOption = "admin",
    office: OfficeOption = None,
) -> None:
    """Show the outbox: what waits, what is parked and why; send parked letters again."""
    with in_words():
        if resend is not None:
            _send_again(the_office(office), resend, by)
        else:
            _show_outbox(the_office(office), state, printed)


def _send_again(office: str, which: str, by: str) -> None:
    now = system().clock()
    with changing(office, now) as desk:
        again = send_again(desk, which, by=by, now=now)
        desk.uow.commit()
    say(f"{again} letters are sent again with the next delivery, within ten minutes.")


def _show_outbox(office: str, state: LetterState | None, printed: Path | None) -> None:
    with system().reading(office) as desk:
        letters = desk.uow.letters.all(state)
        if printed is not None:
            to_print = desk.uow.letters.all(LetterState.TO_PRINT)
            printed.write_text(
                "\n\f\n".join(f"{letter.subject}\n\n{letter.text}" for letter in to_print), encoding="utf-8"
            )
            say(f"{len(to_print)} letters are in {printed}, a page each.")
            return
        shown = [letter for letter in letters if state is not None or letter.state not in OVER]
        rows = [
            (
                letter.id,
                letter.state,
                letter.person,
                f"{letter.created_at:%Y-%m-%d %H:%M}",
                letter.attempts,
                letter.remark[:60],
            )
            for letter in shown
        ]
        say_table(("letter", "state", "to", "written (UTC)", "tries", "remark"), rows)
        if standstill := desk.uow.letters.standstill():
            say(f"No letter leaves since {standstill.since:%Y-%m-%d %H:%M} UTC: {standstill.why}")
        counts = desk.uow.letters.counts()
        say(f"{counts.waiting} wait, {counts.sent} sent, {counts.parked} parked, {counts.to_print} to print.")


def mailbox(
    number: Annotated[int | None, typer.Argument(help="Show this mail; 1 is the newest.")] = None,
    *,
    last: Annotated[int, typer.Option(min=1, help="How many of the newest are listed.")] = 20,
) -> None:
    """Show the local mailbox, where mail goes while no SMTP server is set (and a demonstration's always)."""
    from notifications.mailbox import read_mailbox  # noqa: PLC0415 -- only this command needs it

    with in_words():
        mails = read_mailbox(system().settings.folder / "mailbox")[::-1]
        if number is None:
            rows = [(n, f"{m.date:%Y-%m-%d %H:%M}", m.to, m.subject) for n, m in enumerate(mails[:last], start=1)]
            say_table(("", "date", "to", "subject"), rows)
            say(f"{len(mails)} mails in {system().settings.folder / 'mailbox'}")
            return
        if not 1 <= number <= len(mails):
            raise BadInputError(problem=f"There is no mail {number}.", remedy=f"The mailbox holds {len(mails)}.")
        mail = mails[number - 1]
        say(f"To: {mail.to}\nSubject: {mail.subject}\nMessage-ID: {mail.message_id}\nFile: {mail.path}\n\n{mail.text}")


def audit_(*, office: OfficeOption = None) -> None:
    """Compare what should have happened by now with what is recorded."""
    from services.operations.audit import audit  # noqa: PLC0415 -- only this command needs it

    with in_words(), system().reading(the_office(office)) as desk:
        audited = audit(desk, system().clock())
        for finding in audited.findings:
            warn(finding.sentence_thai if system().settings.language == "th" else finding.sentence)
        if not audited.is_clean:
            raise SystemExit(FAILED)
        say(f"Clean: everything due has happened, {audited.lines} ledger lines are unbroken.")


def _confirm_clock(by: str) -> None:
    """Take the word for every office, also after one whose ledger is ahead; that one's sentence comes last."""
    refused: SucharitError | None = None
    for office in system().store.offices():
        now = system().clock()
        with system().store.unit_of_work(office.key) as uow:
            asked = clock.refusal(uow, now)
            if isinstance(asked, clock.ClockAheadError) and not _is_sure(asked):
                continue
            try:
                clock.confirm(uow, now, by=by)
            except SucharitError as error:
                refused = error
                continue
            uow.commit()
    if refused:
        raise refused


def _is_sure(asked: clock.ClockAheadError) -> bool:
    """Show both instants; at a terminal also ask, for what is confirmed cannot be taken back."""
    say("“{office}”: the last that is known to be right is {last}, and the clock shows {now}.".format(**asked.facts))
    return not sys.stdin.isatty() or typer.confirm("Is it really that late now?")


def doctor(
    *,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Confirm the clock after the service was off for long.")
    ] = False,
    by: ByOption = "admin",
) -> None:
    """Check database, Prefect, mail server, fonts, clock and disk, and say what to do."""
    from services.operations.doctor import examine  # noqa: PLC0415 -- only this command needs it

    with in_words():
        if clock_is_right:
            _confirm_clock(by)
        checks = list(examine(system()))
        for check in checks:
            say(f"{'ok  ' if check.is_fine else 'FAULT'} {check.what}: {check.sentence}")
        if not all(check.is_fine for check in checks):
            raise SystemExit(FAILED)
