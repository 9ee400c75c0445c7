"""The list of referrals in Django's admin. Names of schools and employers are joined, not asked row by row."""

from django.contrib import admin

from django_peer.models import Referral


@admin.register(Referral)
class ReferralAdmin(admin.ModelAdmin):
    list_display = ("public_id", "trainee_name", "school", "employer", "status", "referred_at")
    list_select_related = ("school", "employer")
    list_filter = ("stage",)
    search_fields = ("trainee_name", "trainee_email", "public_id", "request")
    ordering = ("-id",)
    list_per_page = 20
