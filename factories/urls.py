from django.urls import path

from factories.views import dashboard, health, keys, lists, places, providers, staff

app_name = "factories"

urlpatterns = [
    path("health/", health.health, name="health"),
    path("invitation/<str:token>/", staff.accept, name="accept"),
    path("keys/", keys.pending, name="keys"),
    path("keys/<uuid:pk>/vouch/", keys.vouch, name="vouch"),
    path("administration/", dashboard.dashboard, name="administration"),
    path("administration/organisations/", dashboard.organisations, name="organisations"),
    path("administration/people/", staff.people_list, name="people"),
    path("administration/people/invite/", staff.invite, name="invite"),
    path("administration/people/<uuid:pk>/", staff.person, name="person"),
    path("administration/people/<uuid:pk>/start-over/", staff.start_over, name="start_over"),
    path("administration/invitations/<uuid:pk>/again/", staff.invitation_again, name="invitation_again"),
    path("administration/invitations/<uuid:pk>/withdraw/", staff.invitation_withdraw, name="invitation_withdraw"),
    path("administration/memberships/<uuid:pk>/end/", staff.end_membership, name="end_membership"),
    path("administration/positions/<uuid:pk>/end/", staff.end_position, name="end_position"),
    path("administration/factories/", places.factory_list, name="factories"),
    path("administration/factories/new/", places.factory_new, name="factory_new"),
    path("administration/factories/import/", lists.upload, name="list_upload"),
    path("administration/factories/import/<str:key>/", lists.look, name="list"),
    path("administration/factories/<uuid:pk>/", places.factory, name="factory"),
    path("administration/factories/<uuid:pk>/status/", places.factory_status, name="factory_status"),
    path("administration/factories/<uuid:pk>/days/", places.factory_day, name="factory_day"),
    path(
        "administration/factories/<uuid:pk>/days/<int:day_id>/remove/",
        places.factory_day_remove,
        name="factory_day_remove",
    ),
    path("administration/countries/", places.country_list, name="countries"),
    path("administration/countries/<str:code>/", places.country, name="country"),
    path("administration/countries/<str:code>/review/", places.country_review, name="country_review"),
    path("administration/roster/", places.roster, name="roster"),
    path("administration/roster/<int:pk>/remove/", places.roster_remove, name="roster_remove"),
    path("providers/", providers.provider_list, name="providers"),
    path("providers/new/", providers.provider_new, name="provider_new"),
    path("providers/<uuid:pk>/", providers.provider, name="provider"),
    path("providers/<uuid:pk>/change/", providers.provider_change, name="provider_change"),
    path("providers/<uuid:pk>/vet/", providers.provider_vet, name="provider_vet"),
    path("providers/<uuid:pk>/suspend/", providers.provider_suspend, name="provider_suspend"),
    path("providers/<uuid:pk>/decide/", providers.provider_decide, name="provider_decide"),
    path("providers/<uuid:pk>/looked/", providers.provider_looked, name="provider_looked"),
    path("providers/<uuid:pk>/list/", providers.provider_listed, name="provider_listed"),
]
