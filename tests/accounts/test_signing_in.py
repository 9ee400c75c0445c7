"""Signing in with a password, and out again."""

from tests.factories import PASSWORD, a_user

NOT_RIGHT = "The email address or the password is not right."


def test_somebody_with_an_account_signs_in_and_meets_the_start_page(client):
    user = a_user(password=PASSWORD)

    client.get("/sign-in")
    response = client.press("Sign in", email=user.email, password=PASSWORD)

    assert response.request.path == "/"
    assert user.name in client.page.text
