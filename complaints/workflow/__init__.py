"""Every step of a case after filing. Called through its room: `workflow.acknowledge(case, ...)`.

`table` says which steps there are and is the only writer of stage and side; the others take them.
"""

from .clockwork import finish_stop, finish_stops
from .conflicts import (
    answer_conflict_question,
    ask_conflict_question,
    decide_conflict,
    declare_conflict,
    find_declaration_false,
)
from .handling import acknowledge, add_note, agree_path, decide_interim, review_interim, send_message, triage
from .hers import (
    accept_handover,
    add_picture,
    change_consents,
    choose_route,
    first_use,
    move_outside,
    offer_new_number,
    say_not_safe,
    stop,
    take_stop_back,
    write,
)
from .outside import (
    both_leads_looked,
    confirm_danger,
    first_look,
    lift_hold,
    match_factory,
    match_name,
    open_hold,
    propose_handover,
    propose_lift,
)
from .places import (
    assign,
    consents_of,
    hand_on,
    kinds_for,
    may_be_assigned,
    may_take_over,
    remove_leaver,
    share_again,
    too_few_handlers,
)
from .step import Actor, Step, StepRefused
from .surge import set_aside, take_back
from .table import STEPS, actor_on, allowed

__all__ = [
    "STEPS", "Actor", "Step", "StepRefused", "accept_handover", "acknowledge", "actor_on", "add_note",
    "add_picture", "agree_path", "allowed", "answer_conflict_question", "ask_conflict_question", "assign",
    "both_leads_looked", "change_consents", "choose_route", "confirm_danger", "consents_of", "decide_conflict",
    "decide_interim", "declare_conflict", "find_declaration_false",
    "finish_stop", "finish_stops", "first_look", "first_use", "hand_on",
    "kinds_for", "lift_hold", "match_factory", "match_name", "may_be_assigned", "may_take_over", "move_outside",
    "offer_new_number", "open_hold", "propose_handover", "propose_lift", "remove_leaver", "review_interim",
    "say_not_safe", "send_message", "set_aside", "share_again", "stop", "take_back", "take_stop_back",
    "too_few_handlers", "triage", "write",
]  # fmt: skip
