"""Every step of a case after filing. Called through its room: `workflow.acknowledge(case, ...)`.

`table` says which steps there are and is the only writer of stage and side; the others take them.
"""

from .appeal_needs import last_day, open_appeal
from .appeals import add_to_appeal, appeal, decide_appeal, give_to_reviewer, may_review, note_appeal
from .checks import answer_check, ask_check, complete_check, note_check, review_hr
from .clockwork import finish_stop, finish_stops
from .closing import (
    FIVE_QUESTIONS,
    answer_closing,
    ask_closing,
    close,
    close_no_contact,
    close_redirected,
    confirm_closure,
    may_rate,
    no_contact_refusal,
    reopen,
    say_how_it_was,
    tick_closure,
    ticks_of,
    who_confirms,
    write_learning,
    wrote_since_closing,
)
from .concern_needs import handling_concerns
from .concerns import answer_concern, may_take_it_over, note_breach, raise_concern, want_other_helper
from .conflicts import (
    answer_conflict_question,
    ask_conflict_question,
    decide_conflict,
    declare_conflict,
    find_declaration_false,
)
from .criteria import missing_of, told_of, unanswered
from .deciding import (
    PROVEN,
    Planned,
    answer_recommendation,
    ask_decider,
    could_decide,
    decide,
    pass_on_recommendation,
    pass_to_outside_member,
    record_decision,
    send_back,
    who_may_own,
)
from .finding import Found, find, who_could_decide
from .groups import add_receipt, leave_group, take_receipts_back
from .handling import (
    acknowledge,
    add_note,
    decide_interim,
    may_sort_with,
    questions_in,
    questions_not_asked,
    review_interim,
    send_message,
    triage,
)
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
from .inquiry import (
    Plan,
    add_paper,
    ask_comments,
    begin_inquiry,
    complete_inquiry,
    hear,
    may_inquire,
    note_comment,
    note_reply,
    tell_respondent,
)
from .linked import hers_beside, is_linked
from .links import (
    LINKABLE,
    SEES_LINKS,
    Link,
    class_that_fits,
    classify,
    comparable,
    link_cases,
    links_of,
    may_be_compared,
)
from .outcomes import give_feedback, tell_outcome, tell_outcome_to_respondent, words_to_her
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
from .paths import agree_path, begin_action, begin_monitoring, change_path
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
from .referrals import (
    answer_referral,
    note_referral,
    offer_referral,
    revoke_referral,
    say_of_referral,
    send_referral,
)
from .remedies import (
    add_remedy,
    ask_about_remedy,
    carry_out_sanction,
    check_sanction,
    confirm_remedy,
    end_confirmed,
    plan_remedy,
    remedy_done,
    verify_remedy,
)
from .retaliation import note_retaliation, open_concerns, raise_retaliation, settle_retaliation
from .retention import (
    Delay,
    Deleted,
    ask_deletion,
    delay_of,
    end_legal_hold,
    finish_deletion,
    finish_deletions,
    holds_of,
    is_over,
    keep_until,
    place_legal_hold,
    purge,
    purge_due,
    renew,
    take_deletion_back,
    would_purge,
)
from .returning import note_return
from .safeguarding import (
    agree_safety_decision,
    follow_up,
    note_legal_duty,
    note_wider_risk,
    plan_safety,
    propose_safety_decision,
)
from .standing import RemedyState, Standing, open_words, released_until, remedies_of, standing_of
from .step import Actor, Step, StepRefused
from .surge import set_aside, take_back
from .table import STEPS, actor_on, allowed
from .waiting import end_waits, she_answered, waits_until

__all__ = [
    "FIVE_QUESTIONS", "LINKABLE", "PROVEN", "SEES_LINKS", "STEPS", "Actor", "Delay", "Deleted", "Found", "Link", "Plan",
    "Planned", "RemedyState", "Standing", "Step", "StepRefused", "accept_handover", "acknowledge", "actor_on",
    "add_note", "add_paper", "add_picture", "add_receipt", "add_remedy", "add_to_appeal", "agree_path",
    "agree_safety_decision", "allowed", "answer_check", "answer_closing", "answer_concern", "answer_conflict_question",
    "answer_recommendation", "answer_referral", "appeal", "ask_about_remedy", "ask_check", "ask_closing",
    "ask_comments", "ask_conflict_question", "ask_decider", "ask_deletion", "assign", "begin_action", "begin_inquiry",
    "begin_monitoring", "both_leads_looked", "carry_out_sanction", "change_consents", "change_path", "check_sanction",
    "choose_route", "class_that_fits", "classify", "close", "close_no_contact", "close_redirected", "comparable",
    "complete_check", "complete_inquiry", "confirm_closure", "confirm_danger", "confirm_remedy", "consents_of",
    "could_decide", "decide", "decide_appeal", "decide_conflict", "decide_interim", "declare_conflict", "delay_of",
    "end_confirmed", "end_legal_hold", "end_waits", "find", "find_declaration_false", "finish_deletion",
    "finish_deletions", "finish_stop",
    "finish_stops", "first_look", "first_use", "follow_up", "give_feedback", "give_to_reviewer", "hand_on",
    "handling_concerns", "hear", "hers_beside", "holds_of", "is_linked", "is_over", "keep_until", "kinds_for",
    "last_day", "leave_group", "lift_hold", "link_cases", "links_of", "match_factory", "match_name", "may_be_assigned",
    "may_be_compared", "may_inquire", "may_rate", "may_review", "may_sort_with", "may_take_it_over",
    "may_take_over", "missing_of",
    "move_outside", "no_contact_refusal", "note_appeal", "note_breach", "note_check", "note_comment", "note_legal_duty",
    "note_referral", "note_reply", "note_retaliation", "note_return", "note_wider_risk", "offer_new_number",
    "offer_referral", "open_appeal", "open_concerns", "open_hold", "open_words", "pass_on_recommendation",
    "pass_to_outside_member", "place_legal_hold", "plan_remedy", "plan_safety", "propose_handover", "propose_lift",
    "questions_in", "questions_not_asked",
    "propose_safety_decision", "purge", "purge_due", "raise_concern", "raise_retaliation", "record_decision",
    "released_until", "remedies_of", "remedy_done", "remove_leaver", "renew", "reopen", "review_hr", "review_interim",
    "revoke_referral", "say_how_it_was", "say_not_safe", "say_of_referral", "send_back", "send_message",
    "send_referral", "set_aside", "settle_retaliation", "share_again", "standing_of", "stop", "take_back",
    "take_deletion_back", "take_receipts_back", "take_stop_back", "tell_outcome", "tell_outcome_to_respondent",
    "tell_respondent", "tick_closure", "ticks_of", "told_of", "too_few_handlers", "triage", "unanswered",
    "verify_remedy", "want_other_helper", "who_confirms", "who_could_decide", "who_may_own", "words_to_her",
    "she_answered", "waits_until", "would_purge", "write", "write_learning", "wrote_since_closing",
]  # fmt: skip
