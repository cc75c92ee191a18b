// The buttons that copy what stands before them.

document.addEventListener("click", copyOnClick);

async function copyOnClick(event) {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const label = button.firstElementChild;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(button.previousElementSibling);
    label.textContent = "Selected";
  }
  setTimeout(() => { label.textContent = "Copy"; }, 2000);
}

