// Security keys: a form with data-credential asks the browser for a credential, and sends it in the field data-into.

const able = Boolean(globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON);
const MEANS = {
  create: (options) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) }),
  get: (options) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) }),
};

for (const form of document.querySelectorAll("form[data-credential]")) {
  const { credential: means, failed, known, unable, into, options } = form.dataset;
  const field = form.elements.namedItem(into);
  const says = form.querySelector("[data-says]");
  let asking = false;

  function tell(text) {
    says.textContent = text;
    says.hidden = !text;
  }

  form.addEventListener("submit", async (event) => {
    if (field.value || event.submitter?.name === "proof_choose") return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    tell("");
    try {
      field.value = JSON.stringify((await MEANS[means](JSON.parse(options))).toJSON());
      form.requestSubmit(event.submitter);
    } catch (error) {
      // Pages are not told whether there is no key or the person cancelled; only that a key is registered already.
      tell(!able ? unable : error.name === "InvalidStateError" && known ? known : failed);
    }
    asking = false;
  });

  // Who goes back finds the page as it was left, with a credential that is used up.
  window.addEventListener("pageshow", () => { field.value = ""; });
}
