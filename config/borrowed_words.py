"""Sentences of Django and allauth that staff meet and that those do not say in every language we offer.

Nothing imports this: script/messages reads it, and a translation of ours comes before theirs. A sentence that
changes there shows up in English on a Khmer page and is changed here.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Django, forms.
gettext_noop("Enter a number.")
gettext_noop("Enter a valid value.")
gettext_noop("Enter a valid date.")
gettext_noop("Enter a valid time.")
gettext_noop("Enter a valid email address.")
gettext_noop("Enter a list of values.")
gettext_noop("Select a valid choice. %(value)s is not one of the available choices.")
gettext_noop("Select a valid choice. That choice is not one of the available choices.")
gettext_noop("No file was submitted.")
gettext_noop("Null characters are not allowed.")
gettext_noop("Ensure this value is less than or equal to %(limit_value)s.")
gettext_noop("Ensure this value is greater than or equal to %(limit_value)s.")
gettext_noop("This field cannot be blank.")
gettext_noop("%(model_name)s with this %(field_label)s already exists.")
gettext_noop("%(model_name)s with this %(field_labels)s already exists.")
ngettext_lazy(
    "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    "limit_value",
)
# Django, passwords.
gettext_noop("The password is too similar to the %(verbose_name)s.")
gettext_noop("Your password can’t be too similar to your other personal information.")
gettext_noop("This password is too common.")
gettext_noop("Your password can’t be a commonly used password.")
gettext_noop("This password is entirely numeric.")
gettext_noop("Your password can’t be entirely numeric.")
ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
    "min_length",
)
ngettext_lazy(
    "Your password must contain at least %(min_length)d character.",
    "Your password must contain at least %(min_length)d characters.",
    "min_length",
)
# allauth.
gettext_noop("Authenticator code")
gettext_noop("Code")
gettext_noop("You must type the same password each time.")
gettext_noop("Incorrect code.")
gettext_noop("Too many failed login attempts. Try again later.")
