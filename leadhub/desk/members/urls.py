"""URLs of the member, invitation and key pages."""

from django.urls import path

from leadhub.desk.members import joining, keys, members

urlpatterns = [
    path("members/", members.member_list, name="member_list"),
    path("members/export/", members.member_export, name="member_export"),
    path("members/<uuid:pk>/", members.member_detail, name="member_detail"),
    path("invitations/<uuid:pk>/revocation/", members.invitation_revoke, name="invitation_revoke"),
    path("join/<str:token>/", joining.invitation_accept, name="invitation_accept"),
    path("api-keys/", keys.api_key_list, name="api_key_list"),
    path("api-keys/<uuid:pk>/revocation/", keys.api_key_revoke, name="api_key_revoke"),
]
