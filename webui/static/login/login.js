/**
 * Login by password, or by the invitation in the link's fragment.
 *
 * Browsers never send a fragment, so it is in no log and no link preview uses it up; it is removed from the address bar before it is
 * tried.
 */
const main = document.querySelector(".login");
const form = document.getElementById("login");
const answer = document.getElementById("answer");
const password = document.getElementById("password");

document.documentElement.dataset.theme = localStorage.getItem("gbatrace.theme") ?? "auto";

/** @param {{ invitation?: string, password?: string }} claim */
async function enter(claim) {
  main.dataset.state = "entering";
  answer.textContent = "";
  const refusal = await ask(claim);
  if (refusal === null) {
    location.replace("/");
    return;
  }
  main.dataset.state = "asking";
  answer.textContent = refusal;
  password?.setAttribute("aria-invalid", "true");
  password?.select();
}

/** @returns {Promise<string | null>} an error sentence, or null once logged in */
async function ask(claim) {
  try {
    const response = await fetch("/login", { method: "POST", body: JSON.stringify(claim) });
    return response.ok ? null : (await response.json()).error;
  } catch {
    return "gbatrace does not answer. Is it still running, and is this device in the same network?";
  }
}

function enterByLink() {
  const invitation = location.hash.slice(1);
  if (!invitation) return;
  history.replaceState(null, "", location.pathname);
  enter({ invitation });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (password?.value) enter({ password: password.value });
});
password?.addEventListener("input", () => password.removeAttribute("aria-invalid"));
addEventListener("hashchange", enterByLink);
enterByLink();
