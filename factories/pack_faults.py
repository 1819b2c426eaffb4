"""What may be wrong with a country pack, in sentences for whoever edits its file.

A profile may shorten a limit, or lengthen it up to the cap, never beyond; a legal clock never pauses; a status, a unit
or a road that nobody knows is a slip of the hand. Workflow, section 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import available_timezones

from factories import packwords

STATUSES = ("draft", "template")  # Live is said by people, with a lawyer's name and a day.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = ("minutes", "clock_hours", "working_days", "calendar_days", "calendar_months")
ROLLS = ("forward", "backward", "none")
PARTS: dict[str, type | tuple[type, ...]] = {
    "version": str, "code": str, "name": str, "status": str, "live_ready": bool, "languages": list, "time_zone": str,
    "week": list, "week_remark": str, "overrides": dict, "legal_limits": list, "legal_notes": list,
    "discipline": (dict, type(None)), "fast_track": (dict, type(None)), "outside_roads": list, "notes": str,
}  # fmt: skip
LIMIT_PARTS = {"code", "starts_at", "value", "unit", "roll", "text", "source", "confidence"}
NOTE_PARTS = {"text", "source", "confidence"}
# The least and the most days that one unit can last: a working day may wait over a week of holidays.
_LEAST = {"minutes": 0.0, "clock_hours": 1 / 24, "working_days": 1.0, "calendar_days": 1.0, "calendar_months": 28.0}
_MOST = {"minutes": 0.0, "clock_hours": 1 / 24, "working_days": 2.0, "calendar_days": 1.0, "calendar_months": 31.0}


def of(raw: Any, code: str) -> list[str]:
    """Return everything that is wrong with a file, by itself; nothing where it is sound."""
    if not isinstance(raw, dict):
        return ["It holds no object."]
    faults = [f"The part “{part}” is missing or of another kind." for part in PARTS if not _is(raw, part)]
    faults += [f"Nobody knows the part “{part}”." for part in raw if part not in PARTS]
    if faults:
        return faults
    if raw["code"] != code:
        faults.append(f"It says that it is “{raw['code']}”.")
    if raw["status"] not in STATUSES:
        faults.append(f"Nobody knows the status “{raw['status']}”; it may be {' or '.join(STATUSES)}.")
    if raw["status"] == "template" and raw["live_ready"]:
        faults.append("A template is not ready to be live.")
    if raw["time_zone"] not in available_timezones():
        faults.append(f"Nobody knows the time zone “{raw['time_zone']}”.")
    faults += [f"Nobody knows the weekday “{day}”." for day in raw["week"] if day not in WEEKDAYS]
    if not raw["week"]:
        faults.append("A week needs at least one working day.")
    for promise, change in raw["overrides"].items():
        faults += _of_override(promise, change)
    faults += _of_law(raw)
    faults += _of_discipline(raw)
    faults += _of_fast_track(raw["fast_track"])
    faults += _of_roads(raw["outside_roads"])
    return faults


def _is(raw: Mapping[str, Any], part: str) -> bool:
    return part in raw and isinstance(raw[part], PARTS[part])


def _of_override(promise: str, change: Any) -> list[str]:
    where = f"The override of “{promise}”"
    if not isinstance(change, dict) or not change:
        return [f"{where} changes nothing."]
    faults = [
        f"{where} has the unknown part “{part}”."
        for part in change
        if part not in ("value", "unit", "cap_value", "cap_unit")
    ]
    for value, unit in (("value", "unit"), ("cap_value", "cap_unit")):
        if (value in change) != (unit in change):
            faults.append(f"{where} needs {value} and {unit} together.")
        elif value in change:
            faults += _of_length(change[value], change[unit], where)
    return faults


def _of_length(value: Any, unit: Any, where: str) -> list[str]:
    faults = []
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        faults.append(f"{where} needs a whole number of at least 1.")
    if unit not in UNITS:
        faults.append(f"{where} has the unknown unit “{unit}”.")
    return faults


def _of_law(raw: Mapping[str, Any]) -> list[str]:
    faults = []
    seen: set[Any] = set()
    for limit in raw["legal_limits"]:
        code = limit.get("code", "?") if isinstance(limit, dict) else "?"
        where = f"The legal limit “{code}”"
        if not isinstance(limit, dict) or not LIMIT_PARTS <= set(limit) <= {*LIMIT_PARTS, "plain"}:
            faults.append(f"{where} needs exactly {', '.join(sorted(LIMIT_PARTS))} and may have plain.")
            continue
        if code in seen:
            faults.append(f"{where} is there twice.")
        seen.add(code)
        faults += _of_length(limit["value"], limit["unit"], where)
        if limit["roll"] not in ROLLS:
            faults.append(f"{where} has the unknown roll “{limit['roll']}”.")
        if not limit["source"] or not limit["confidence"]:
            faults.append(f"{where} needs its source, and how sure we are of it.")
    for note in raw["legal_notes"]:
        if not isinstance(note, dict) or not NOTE_PARTS <= set(note) <= {*NOTE_PARTS, "plain"}:
            faults.append(f"A legal note needs exactly {', '.join(sorted(NOTE_PARTS))} and may have plain.")
        elif not note["source"] or not note["confidence"]:
            faults.append("A legal note needs its source, and how sure we are of it.")
    return faults


def _of_discipline(raw: Mapping[str, Any]) -> list[str]:
    rule = raw["discipline"]
    if rule is None:
        return []
    if set(rule) != {"starts_at", "limits", "red_days_before", "pauses", "lawyer"}:
        return ["The discipline clock needs exactly starts_at, limits, red_days_before, pauses and lawyer."]
    faults = []
    if rule["pauses"] is not False:
        faults.append("A legal clock never pauses.")
    limits = {one.get("code"): one for one in raw["legal_limits"] if isinstance(one, dict)}
    for code in rule["limits"]:
        if code not in limits:
            faults.append(f"The discipline clock names “{code}”, which is no legal limit of this pack.")
        elif limits[code].get("starts_at") != rule["starts_at"] or limits[code].get("unit") != "calendar_days":
            faults.append(f"The discipline clock counts calendar days from {rule['starts_at']}; “{code}” does not.")
    if not isinstance(rule["red_days_before"], int) or rule["red_days_before"] < 1:
        faults.append("The discipline clock turns red at least one day before.")
    return faults


def _of_fast_track(track: Mapping[str, Any] | None) -> list[str]:
    if track is None:
        return []
    if set(track) != {"counted_from", "order", "when", "steps"} or not isinstance(track["steps"], dict):
        return ["The fast track needs exactly counted_from, order, when and steps."]
    faults = []
    for code, step in track["steps"].items():
        where = f"The step “{code}” of the fast track"
        if isinstance(step, dict):
            faults += _of_length(step.get("value"), step.get("unit"), where)
        elif not isinstance(step, str) or not step:
            faults.append(f"{where} needs a length or a sentence.")
    return faults


def _of_roads(roads: Iterable[Any]) -> list[str]:
    faults = []
    seen = []
    for road in roads:
        if not isinstance(road, dict) or not {"code", "confidence"} <= set(road) <= {"code", "confidence", "remark"}:
            faults.append("A road outside needs code and confidence, and may have a remark.")
            continue
        seen.append(road["code"])
        if road["code"] not in packwords.ROADS:
            faults.append(f"Nobody knows the road “{road['code']}”; known are {', '.join(packwords.ROADS)}.")
    if len(seen) != len(set(seen)):
        faults.append("A road outside is there twice.")
    if "expert" not in seen:
        faults.append("The outside helper is a road in every country.")
    return faults


def of_lengths(
    overrides: Mapping[str, Mapping[str, Any]], steps: Mapping[str, Any], promises: Iterable[Mapping[str, Any]]
) -> list[str]:
    """Return what is wrong between a pack and the deadline table: unknown promises, and lengths beyond a cap.

    `steps` are those of the fast track that have a length.
    """
    known = {row["code"]: row for row in promises}
    faults = [
        f"The override of “{code}” changes a promise that nobody knows." for code in overrides if code not in known
    ]
    faults += [f"The fast track has the step “{code}”, which is no promise." for code in steps if code not in known]
    for code, change in overrides.items():
        row = known.get(code)
        if row is None:
            continue
        value = (change.get("value", row["value"]), change.get("unit", row["unit"]))
        cap = (change.get("cap_value"), change.get("cap_unit"))
        outer = (row.get("cap_value"), row.get("cap_unit"))
        for length, most in ((value, cap), (value, outer), (cap, outer)):
            if _is_beyond(length, most):
                faults.append(
                    f"The override of “{code}” ({length[0]} {length[1]}) goes beyond its cap ({most[0]} {most[1]})."
                )
    for code, step in steps.items():
        row = known.get(code)
        if row is not None and _is_beyond((step.value, step.unit), (row.get("cap_value"), row.get("cap_unit"))):
            faults.append(f"The step “{code}” of the fast track goes beyond its cap.")
    return faults


def _is_beyond(length: tuple[Any, Any], cap: tuple[Any, Any]) -> bool:
    """Say whether a length is certainly longer than a cap; what depends on the calendar, the clock itself caps."""
    if length[0] is None or cap[0] is None:
        return False
    if length[1] == cap[1]:
        return bool(length[0] > cap[0])
    return bool(length[0] * _LEAST[length[1]] > cap[0] * _MOST[cap[1]])
