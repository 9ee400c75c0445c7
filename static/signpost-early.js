// Runs before the page is drawn, so that parts which need JavaScript never flash.
document.body.className += " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " nhsuk-frontend-supported" : "");
