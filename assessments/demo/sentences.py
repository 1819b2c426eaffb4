"""What people of the trial write about their factories: short, without names, never about a case."""

from __future__ import annotations

from collections.abc import Mapping

LANGUAGES: Mapping[str, str] = {"km": "Khmer", "vi": "Vietnamese", "lo": "Lao", "bn": "Bengali"}
EVIDENCE: Mapping[str, str] = {
    "BASE": "The assessment is final; the survey was held in paid time on every shift.",
    "POLICY": "Signed policy with what workers changed in it; filed with the labour office.",
    "COMM": "List by role, more than half women, members of production chosen by workers; conflict rules signed.",
    "T-COMM": "Attendance of two days; each member passed a practice case.",
    "REFER": "Four services visited and checked, with the next day of checking.",
    "CHAN": "Posters hang in the canteen and the toilets; test complaints were answered in time.",
    "T-MGMT": "Attendance of half a day; all managers.",
    "T-SUP": "Attendance by role, two half days each.",
    "T-WORK": "Attendance of groups of thirty in paid hours, both shifts.",
    "AWARE": "New audio at breaks, and posters made with workers.",
    "WALK": "Map without names; eleven repairs with dates, nine done.",
    "PRESS": "Overtime is granted by two people now; the rule hangs beside the time clock.",
    "DRILL": "Times and gaps of the practice case are written down.",
    "QREV": "Minutes without cases; open actions with dates.",
    "COACH": "Note of the visit, without cases.",
    "PULSE": "Survey held; the poster with its results hangs in the canteen.",
    "END": "The assessment is final and was compared with the one at the beginning.",
    "KEEP": "Plan for the next twelve months with own trainers and a budget.",
    "SHARE": "The factory told its peers what worked and what did not.",
}
ON_PAPER = "A file was shown. Nobody on the floor could say what is in it."
OFFERED = (
    "A shorter session in two halves.",
    "Training on a Saturday morning with transport paid.",
    "A visit of the trainer between two shipments.",
    "A first group of thirty, the others later.",
    "Another factory's trainer comes and shows how they did it.",
)
GAPS = (
    "The stand-in was not told for two days; everything else was in time.",
    "No room was free for the first talk. A room is kept free now.",
    "The answer was in time, and not in the language of the person who asked.",
)
GAPS_FAILED = "The box was opened after nine days. Nobody knew who holds its key on the night shift."
REASONS: Mapping[str, str] = {
    "established": "A case was substantiated and put right in the last twelve months, and workers know of it.",
    "likely": "Several kinds of evidence point the same way: talks off-site, papers, and what was seen.",
    "possible": "Some workers spoke of others who had been troubled. We could not rule it out.",
    "no_indication_found": "Talks on and off the site were free and varied, and nothing was found on this visit.",
    "not_assessable": "Too few talks were possible for a conclusion.",
}
EXPERT_REASONS = "What is known from elsewhere weighs more than what this visit could see."
DEPARTS = "Most of what was said is about another site of the owner. What is about this one weighs less."
DIFFER = (
    "I asked on the night shift; the committee is hardly known there.",
    "I read the minutes of four meetings; everything was followed up.",
)
GOOD = (
    "A line leader stopped a joke in front of everybody. Three workers told of it on their own.",
    "New workers get a walk through the factory with a committee member in the first week.",
    "The box and the platform are tried each month by the committee itself.",
)
NOTE = (
    "The focal point has one morning a week for this now. It shows in the minutes.",
    "The production head comes to the reviews since spring. That helps with dates.",
    "Buyers ask for the compliance view. It was shown and explained; no counts were asked for.",
)
CAUSE_NOTE: Mapping[str, str] = {
    "channel_not_working": "The box on the second floor was full and nobody had its key.",
    "channel_not_known": "Of ten workers at the gate two knew the poster.",
    "channel_not_trusted": "Workers said in talks off-site that the guard sees who goes to the box.",
    "unexplained": "",
}
LATER = "After the season"
NO = "The owner wants to wait until other factories of the group have tried it."
END_MESSAGE = (
    "The programme does not work with this factory any more. You can still tell what happened: the outside helpers "
    "read it, and the factory does not learn of it unless you want that."
)
# What is agreed for an indicator: what, by whom, and what shows that it is done.
ACTIONS: Mapping[str, tuple[str, str, str]] = {
    "PC1": ("Bring the policy up to date for guards, drivers and the dormitory", "hr", "The signed page, filed."),
    "CM1": ("Let workers of both shifts choose two more members", "committee", "The list by role on the board."),
    "CM5": ("Let everybody who handles a case declare conflicts in writing", "committee", "Blank forms and the rule."),
    "RP1": ("Open a second way to complain that no manager can see", "hr", "Tried out from outside, answered."),
    "RP5": ("Take the target of zero complaints out of the bonus rules", "top_manager", "The new bonus rules."),
    "CH1": ("Answer within two working days, also in the season", "committee", "Dates of four test complaints."),
    "CH2": ("Let nobody inquire into their own section", "committee", "The rule, signed by all members."),
    "CH3": ("Ask before every step what the person wants", "committee", "The form has the question now."),
    "SR1": ("Check after 30, 60 and 90 days that nobody is treated badly", "hr", "The calendar of checks."),
}
ACTIONS_ELSE: tuple[tuple[str, str, str], ...] = (
    ("Put lights and locks into the toilets of the second floor", "production", "Seen on a walk."),
    ("Give the committee a room with a door twice a week", "hr", "The room, and its times on the board."),
    ("Hang posters with pictures where nobody watches", "hr", "Seen in both toilets and at the bus stop."),
    ("Repeat the training for the night shift", "hr", "The attendance by shift."),
    ("Visit again off-site and talk with workers of the night shift", "advisor", "A note on the number of talks."),
)
DROPPED = "The section was closed. The same is agreed for the new building instead."
FOUND_PLAIN = (
    "We talked with many of you, inside and outside the factory. There is a committee, and there are ways to tell. "
    "Not everybody knows them yet, and some of you doubt that it is safe."
)
DONE_PLAIN = (
    "The ways to tell will be shown again on both shifts. The committee will be chosen by you. Nobody may search for "
    "who told. We come back and ask you whether it is better."
)
FOUND_PLAIN_KM = (
    "យើងបាននិយាយជាមួយអ្នកជាច្រើននាក់ ទាំងក្នុង និងក្រៅរោងចក្រ។ មានគណៈកម្មការ និងមានវិធីប្រាប់។ មិនមែនគ្រប់គ្នាបានដឹងទេ ហើយខ្លះនៅមិនទាន់ទុកចិត្ត។"
)
DONE_PLAIN_KM = (
    "វិធីប្រាប់នឹងត្រូវបង្ហាញម្តងទៀតនៅគ្រប់វេន។ អ្នកនឹងជ្រើសរើសគណៈកម្មការ។ គ្មាននរណាអាចស្វែងរកថានរណាបានប្រាប់ឡើយ។ "
    "យើងនឹងត្រឡប់មកសួរអ្នកថាវាល្អជាងមុនឬអត់។"
)
# What factories share: title, what worked, what did not, the indicator it serves.
PRACTICES: tuple[tuple[str, str, str, str], ...] = (
    (
        "A room that is free at break",
        "The small room beside the clinic is kept free at each break. A member of the committee sits there with tea.",
        "The first room was beside the office of personnel. Nobody came.",
        "CM3",
    ),
    (
        "Overtime on a list everybody sees",
        "Two people grant overtime now, and the list hangs beside the time clock. Talk about favours has stopped.",
        "A list in the office alone changed nothing.",
        "WR2",
    ),
    (
        "Mechanics say it themselves",
        "Mechanics trained mechanics: how to stand, how to ask before leaning over, when to call a second person.",
        "Slides did not work. Trying it at a machine did.",
        "TA3",
    ),
    (
        "The first week",
        "Each new worker walks through the factory with a member of the committee and tries out the platform once.",
        "",
        "TA5",
    ),
)
