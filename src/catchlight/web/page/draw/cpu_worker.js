/* The processor's painter in a thread of its own, so that the page stays at hand. */

import { CpuPainter } from "./cpu.js";

const painter = new CpuPainter();
let size = [1, 1];

onmessage = ({ data: { kind, number, plan, strengths } }) => {
  try {
    if (kind === "bring") {
      painter.bring(plan);
      size = [plan.width, plan.height];
      postMessage({ number });
      return;
    }
    const codes = kind === "before" ? painter.drawBefore() : painter.draw(strengths);
    const value = new ImageData(codes, ...size);
    postMessage({ number, value }, [value.data.buffer]);
  } catch (error) {
    postMessage({ number, error: String(error) });
  }
};
