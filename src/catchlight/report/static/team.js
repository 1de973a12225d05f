(() => {
  const people = [...document.querySelectorAll(".person")];
  const tally = document.getElementById("tally");
  let shown = "all";
  const matches = (person) => {
    if (shown === "outlier") return person.dataset.outlier === "yes";
    if (shown === "open") return !person.dataset.word;
    if (shown === "reject") return person.dataset.word === "reject";
    return true;
  };
  const refresh = () => {
    const count = { approve: 0, reject: 0, "": 0 };
    for (const person of people) {
      count[person.dataset.word] += 1;
      person.hidden = !matches(person);
      for (const button of person.querySelectorAll("button[data-word]")) {
        button.setAttribute("aria-pressed", String(button.dataset.word === person.dataset.word));
      }
    }
    tally.textContent = `${count.approve} approved, ${count.reject} rejected, ${count[""]} undecided`;
  };
  for (const person of people) {
    for (const button of person.querySelectorAll("button[data-word]")) {
      button.addEventListener("click", () => {
        const same = person.dataset.word === button.dataset.word;
        person.dataset.word = same ? "" : button.dataset.word;
        refresh();
      });
    }
  }
  for (const button of document.querySelectorAll("button[data-show]")) {
    button.addEventListener("click", () => {
      shown = button.dataset.show;
      for (const other of document.querySelectorAll("button[data-show]")) {
        other.setAttribute("aria-pressed", String(other === button));
      }
      refresh();
    });
  }
  document.getElementById("approve-rest").addEventListener("click", () => {
    for (const person of people) {
      if (!person.dataset.word && person.dataset.outlier === "no") person.dataset.word = "approve";
    }
    refresh();
  });
  document.getElementById("save").addEventListener("click", () => {
    const decisions = {};
    for (const person of people) {
      const { key, photo, word } = person.dataset;
      const note = person.querySelector("textarea").value;
      if (word || note) decisions[key] = { word, photo, note };
    }
    const text = JSON.stringify({ version: 1, decisions }, null, 1);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    link.download = "decisions.json";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  refresh();
})();
