"""The tables as Django sees them. It does not manage them."""

from django.db import models


class School(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        managed = False
        db_table = "school"

    def __str__(self):
        return self.name


class Employer(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        managed = False
        db_table = "employer"

    def __str__(self):
        return self.name


class Referral(models.Model):
    STAGES = [(stage, stage) for stage in ("waiting", "assigned", "in_progress", "closed")]

    public_id = models.CharField(max_length=8)
    trainee_name = models.CharField(max_length=120)
    trainee_email = models.CharField(max_length=254)
    school = models.ForeignKey(School, models.PROTECT, null=True)
    employer = models.ForeignKey(Employer, models.PROTECT)
    request = models.TextField()
    status = models.CharField(max_length=30)
    stage = models.CharField(max_length=20, choices=STAGES)
    referred_at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "referral"
