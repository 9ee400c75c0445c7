"""Signpost: `create_app` puts it together. Nothing here touches a table: `models` must be importable on its own."""

from flask import Flask

from signpost.config import ROOT, Config, run_under


def create_app(config: Config | None = None) -> Flask:
    """The application, under this configuration or the environment's. Raises ConfigurationError."""
    # Imported here, since these import `models`, and `models` imports from this package.
    from signpost import (
        access,
        assets,
        clock,
        commands,
        connection,
        error_pages,
        extensions,
        footer,
        health,
        home,
        layout,
        logs,
        templating,
        web,
    )
    from signpost.accounts import password_routes, people_routes, work_routes
    from signpost.accounts import routes as accounts
    from signpost.audit import routes as audit
    from signpost.careers import link_routes as session_links
    from signpost.careers import routes as careers
    from signpost.complaints import routes as complaints
    from signpost.completion import link_routes as ending_links
    from signpost.completion import routes as completion
    from signpost.confidentiality import link_routes as disclosure_links
    from signpost.confidentiality import routes as confidentiality
    from signpost.feedback import link_routes as feedback_links
    from signpost.feedback import routes as feedback
    from signpost.files import link_routes as file_links
    from signpost.files import routes as files
    from signpost.files import uploads
    from signpost.guidance import editor_routes as guidance_editor
    from signpost.guidance import routes as guidance
    from signpost.meetings import link_routes as meeting_links
    from signpost.meetings import poll_routes
    from signpost.meetings import routes as meetings
    from signpost.mentoring import board_routes as matching
    from signpost.mentoring import import_routes as returner_imports
    from signpost.mentoring import link_routes as returner_links
    from signpost.mentoring import mentor_routes, own_routes, returner_routes, team_routes
    from signpost.mentoring import mentorship_link_routes as mentorship_links
    from signpost.mentoring import mentorship_routes as mentorships
    from signpost.notices import routes as notices
    from signpost.organisation import routes as organisation
    from signpost.plans import link_routes as task_links
    from signpost.plans import routes as plans
    from signpost.progression import call_routes as support_calls
    from signpost.progression import further_routes as further_reviews
    from signpost.progression import import_routes as review_imports
    from signpost.progression import link_routes as review_links
    from signpost.progression import meeting_routes as support_meetings
    from signpost.progression import outcome_routes as support_outcomes
    from signpost.progression import plan_link_routes as action_plan_links
    from signpost.progression import plan_routes as action_plans
    from signpost.progression import preparation_link_routes as preparation_links
    from signpost.progression import preparation_routes as preparation
    from signpost.progression import review_routes as reviews
    from signpost.referrals import adviser_routes, link_routes
    from signpost.referrals import routes as referrals
    from signpost.reports import routes as reports
    from signpost.retention import routes as retention
    from signpost.sealing import keyring
    from signpost.statements import routes as statements
    from signpost.subject_access import routes as subject_access

    config = config or Config.from_environment()
    run_under(config)
    keyring.load(config.notes_keys)
    if config.clock:
        clock.set_to(clock.parse(config.clock))

    app = Flask(__name__, template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.from_mapping(config.flask_settings())
    templating.configure(app)
    extensions.connect(app)

    logs.configure(app, config)
    web.configure(app, config)
    connection.configure(app, config)
    uploads.configure(app)
    access.configure(app)
    layout.configure(app)
    error_pages.configure(app)

    app.register_blueprint(home.bp)
    app.register_blueprint(accounts.bp)
    if config.demo:
        from signpost import demo

        app.config["DEMO_PEOPLE"] = demo.PEOPLE
        app.register_blueprint(accounts.demo_bp)
    for room in (referrals, adviser_routes, link_routes):
        app.register_blueprint(room.bp)
    app.register_blueprint(files.bp)
    app.register_blueprint(file_links.bp)
    app.register_blueprint(meetings.bp)
    app.register_blueprint(meeting_links.bp)
    app.register_blueprint(poll_routes.bp)
    app.register_blueprint(plans.bp)
    app.register_blueprint(task_links.bp)
    app.register_blueprint(feedback.bp)
    app.register_blueprint(feedback_links.bp)
    app.register_blueprint(careers.bp)
    app.register_blueprint(session_links.bp)
    app.register_blueprint(confidentiality.bp)
    app.register_blueprint(disclosure_links.bp)
    app.register_blueprint(subject_access.bp)
    app.register_blueprint(completion.bp)
    app.register_blueprint(ending_links.bp)
    app.register_blueprint(reviews.bp)
    app.register_blueprint(review_imports.bp)
    app.register_blueprint(support_calls.bp)
    app.register_blueprint(support_meetings.bp)
    app.register_blueprint(support_outcomes.bp)
    app.register_blueprint(action_plans.bp)
    app.register_blueprint(action_plan_links.bp)
    app.register_blueprint(further_reviews.bp)
    app.register_blueprint(review_links.bp)
    app.register_blueprint(preparation.bp)
    app.register_blueprint(preparation_links.bp)
    app.register_blueprint(complaints.bp)
    app.register_blueprint(matching.bp)
    app.register_blueprint(mentorships.bp)
    app.register_blueprint(mentorship_links.bp)
    app.register_blueprint(audit.bp)
    app.register_blueprint(statements.bp)
    app.register_blueprint(notices.bp)
    app.register_blueprint(work_routes.bp)
    app.register_blueprint(password_routes.bp)
    app.register_blueprint(people_routes.bp)
    for room in (team_routes, returner_routes, returner_imports, returner_links, own_routes, mentor_routes):
        app.register_blueprint(room.bp)
    app.register_blueprint(reports.bp)
    app.register_blueprint(retention.bp)
    app.register_blueprint(organisation.bp)
    app.register_blueprint(guidance.bp)
    app.register_blueprint(guidance_editor.bp)
    app.register_blueprint(health.bp)
    app.register_blueprint(footer.bp)
    commands.configure(app)

    assets.serve_static(app)
    return app
