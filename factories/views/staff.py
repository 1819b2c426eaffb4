"""People with accounts: who they are, what they do, and inviting new ones."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Person
from accounts.requests import StaffRequest
from factories import clock, invitations, roles, selectors
from factories.access import administrators_only
from factories.filters import PeopleFilter
from factories.forms import AcceptForm, GiveRoleForm, InviteForm
from factories.models import FactoryRole, Invitation, Membership, Position
from factories.views.pages import page_of


@administrators_only
def people_list(request: StaffRequest) -> HttpResponse:
    """List everybody with an account, and the invitations that nobody has accepted yet."""
    found = PeopleFilter(request.GET, selectors.people_with_key_state().order_by("name", "pk"))
    page = page_of(found.qs, request)
    waiting = Invitation.objects.open(clock.now()).select_related("factory", "organisation", "country")
    return render(
        request,
        "factories/people.html",
        {
            "filter": found,
            "page": page,
            "lines": selectors.person_lines(list(page.object_list)),
            "invitations": waiting[:100],
        },
    )


@administrators_only
def invite(request: StaffRequest) -> HttpResponse:
    """Invite somebody to a role."""
    first = {"factory_code": request.GET.get("factory", ""), "language": "en"}
    form = InviteForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invite(
                form.cleaned_data["email"],
                form.cleaned_data["role"],
                by=request.user,
                at=clock.now(),
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                **form.place(),
            )
        except invitations.InvitationRefused as refusal:
            form.add_error("email", refusal.message)
        else:
            _send(request, invitation)
            return redirect("factories:people")
    return render(request, "factories/invite.html", {"form": form})


@require_POST
@administrators_only
def invitation_again(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Send the same link again."""
    _send(request, get_object_or_404(Invitation.objects.open(clock.now()), pk=pk))
    return redirect("factories:people")


@require_POST
@administrators_only
def invitation_withdraw(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make a link useless."""
    invitations.withdraw(get_object_or_404(Invitation, pk=pk), clock.now())
    messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
    return redirect("factories:people")


@sensitive_post_parameters()
@never_cache
@login_not_required
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Let somebody invited open their account: a name, a language, a password and so a key."""
    at = clock.now()
    try:
        invitation = invitations.find(token, at)
    except invitations.InvitationRefused as refusal:
        return render(request, "factories/accept_refused.html", {"refusal": refusal.message}, status=410)
    first = {"name": invitation.name, "language": invitation.language}
    language = request.POST.get("language", invitation.language)
    with translation.override(language if language in {"en", "km"} else "en"):
        form = AcceptForm(request.POST or None, initial=first, email=invitation.email)
        if request.method == "POST" and form.is_valid():
            try:
                invitations.accept(
                    token,
                    name=form.cleaned_data["name"],
                    language=form.cleaned_data["language"],
                    password=form.cleaned_data["password1"],
                    at=at,
                )
            except invitations.InvitationRefused as refusal:
                form.add_error(None, refusal.message)
            else:
                logout(request)  # Whoever else was signed in on this machine.
                messages.success(request, _("Your account is open. Sign in, and have your key compared by an expert."))
                return redirect("account_login")
        return render(request, "factories/accept.html", {"form": form, "invitation": invitation})


@administrators_only
def person(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Show one person's roles and key, and give them another role."""
    somebody = get_object_or_404(selectors.people_with_key_state(), pk=pk)
    form = GiveRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        role, at = form.cleaned_data["role"], clock.now()
        give = roles.give_factory_role if role in FactoryRole.values else roles.give_outside_role
        place = form.place()
        try:
            give(somebody, place.pop("factory", None) or place.pop("organisation"), role, at=at, **place)
        except roles.RoleRefused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The role was given. Experts and colleagues are told of a new key."))
            return redirect("factories:person", pk=pk)
    return render(
        request,
        "factories/person.html",
        {
            "somebody": somebody,
            "memberships": Membership.objects.filter(person=somebody).select_related("factory"),
            "positions": Position.objects.filter(person=somebody).select_related("organisation", "country"),
            "form": form,
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def start_over(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Say what follows, and let somebody who lost their second factor or everything begin again."""
    somebody = get_object_or_404(Person, pk=pk, is_active=True)
    if request.method != "POST":
        return render(request, "factories/start_over.html", {"somebody": somebody})
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Tick that you have read what follows from it."))
        return redirect("factories:start_over", pk=pk)
    try:
        roles.start_over(somebody, by=request.user, at=clock.now())
    except roles.RoleRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The account starts over. The link for a new password is on its way."))
    return redirect("factories:person", pk=pk)


@require_POST
@administrators_only
def end_membership(request: StaffRequest, pk: UUID) -> HttpResponse:
    """End a role at a factory."""
    return _end(request, get_object_or_404(Membership.objects.select_related("person", "factory"), pk=pk))


@require_POST
@administrators_only
def end_position(request: StaffRequest, pk: UUID) -> HttpResponse:
    """End a role outside the factories."""
    return _end(request, get_object_or_404(Position.objects.select_related("person", "country"), pk=pk))


def _end(request: StaffRequest, role: Membership | Position) -> HttpResponse:
    try:
        roles.end_role(role, by=request.user, at=clock.now())
    except roles.RoleRefused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The role has ended."))
    return redirect("factories:person", pk=role.person_id)


def _send(request: StaffRequest, invitation: Invitation) -> None:
    if invitations.deliver(invitation):
        messages.success(request, _("The invitation was sent to %(email)s.") % {"email": invitation.email})
    else:
        messages.error(
            request, _("The mail server did not take the invitation. It is kept: send it again from this page.")
        )
