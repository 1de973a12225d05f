/* Paper shows what is folded away. */
addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(d => { d.dataset.was = d.open ? "1" : ""; d.open = true }));
addEventListener("afterprint", () => document.querySelectorAll("details").forEach(d => { d.open = !!d.dataset.was }));
