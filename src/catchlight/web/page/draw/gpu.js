/* A thin hand on WebGL2: programs, textures and targets, nothing of photographs. */

import { VERTEX } from "./shaders.js";

export class Gpu {
  constructor(canvas) {
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, powerPreference: "high-performance" });
    if (!gl) throw new Error("this browser has no WebGL2");
    if (!gl.getExtension("EXT_color_buffer_float") && !gl.getExtension("EXT_color_buffer_half_float")) {
      throw new Error("this browser's WebGL2 cannot draw into floats");
    }
    this.gl = gl;
    this.programs = new Map();
    this.frame = gl.createFramebuffer();
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.bindVertexArray(gl.createVertexArray());
  }

  /** A program, compiled once; `defines` are numbers set before the shader's own lines. */
  program(source, defines = {}) {
    const lines = Object.entries(defines).map(([name, value]) => `#define ${name} ${value}\n`).join("");
    const key = lines + source;
    if (this.programs.has(key)) return this.programs.get(key);
    const { gl } = this;
    const handle = gl.createProgram();
    const text = source.replace(/^(#version.*\n)/, `$1${lines}`);
    for (const [kind, code] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, text]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, code);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
        throw new Error(`a shader: ${gl.getShaderInfoLog(shader)}`);
      }
      gl.attachShader(handle, shader);
    }
    gl.linkProgram(handle);
    const places = new Map();
    const count = gl.getProgramParameter(handle, gl.ACTIVE_UNIFORMS) ?? 0;
    for (let i = 0; i < count; i++) {
      const { name: whole, type } = gl.getActiveUniform(handle, i);
      const name = whole.replace("[0]", "");
      places.set(name, { at: gl.getUniformLocation(handle, whole), type });
    }
    const made = { handle, places };
    this.programs.set(key, made);
    return made;
  }

  /** A texture of halves; `data` null leaves it empty (zeros). */
  texture(width, height, kind, data = null, smooth = false) {
    const { gl } = this;
    const [inside, format, type] = {
      r16: [gl.R16F, gl.RED, gl.HALF_FLOAT],
      rg16: [gl.RG16F, gl.RG, gl.HALF_FLOAT],
      rgb16: [gl.RGB16F, gl.RGB, gl.HALF_FLOAT],
      rgba16: [gl.RGBA16F, gl.RGBA, gl.HALF_FLOAT],
    }[kind];
    const handle = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, handle);
    gl.texImage2D(gl.TEXTURE_2D, 0, inside, width, height, 0, format, type, data);
    const how = smooth ? gl.LINEAR : gl.NEAREST;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, how);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, how);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return { handle, width, height, format, type };
  }

  /** Write a part of a texture. */
  write(texture, x, y, width, height, data) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture.handle);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, texture.format, texture.type, data);
  }

  /** Empty a target. */
  clear(target) {
    const { gl } = this;
    this.aim([target]);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  aim(targets) {
    const { gl } = this;
    if (!targets) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, null);
      gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
      return;
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    [0, 1].forEach((i) => {
      const handle = targets[i]?.handle ?? null;
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0 + i, gl.TEXTURE_2D, handle, 0);
    });
    gl.drawBuffers(targets.length > 1 ? [gl.COLOR_ATTACHMENT0, gl.COLOR_ATTACHMENT1] : [gl.COLOR_ATTACHMENT0]);
    gl.viewport(0, 0, targets[0].width, targets[0].height);
  }

  /** Draw a program over a target (null: the screen), or over an area of it; `add` sums up. */
  draw(program, values, targets = null, { area = null, add = false } = {}) {
    const { gl } = this;
    this.aim(targets);
    gl.useProgram(program.handle);
    let unit = 0;
    for (const [name, { at, type }] of program.places) {
      const value = values[name];
      if (value === undefined) throw new Error(`a shader lacks ${name}`);
      if (type === gl.SAMPLER_2D) {
        gl.activeTexture(gl.TEXTURE0 + unit);
        gl.bindTexture(gl.TEXTURE_2D, value.handle);
        gl.uniform1i(at, unit++);
      } else if (type === gl.FLOAT) gl.uniform1fv(at, typeof value === "number" ? [value] : value);
      else if (type === gl.INT) gl.uniform1i(at, value);
      else if (type === gl.FLOAT_VEC4) gl.uniform4fv(at, value);
      else if (type === gl.BOOL_VEC4) gl.uniform4iv(at, value);
      else if (type === gl.BOOL) gl.uniform1i(at, value ? 1 : 0);
      else if (type === gl.FLOAT_VEC2) gl.uniform2fv(at, value);
      else if (type === gl.FLOAT_VEC3) gl.uniform3fv(at, value);
      else if (type === gl.INT_VEC2) gl.uniform2iv(at, value);
    }
    gl[area ? "enable" : "disable"](gl.SCISSOR_TEST);
    if (area) gl.scissor(area[0], area[1], area[2] - area[0], area[3] - area[1]);
    gl[add ? "enable" : "disable"](gl.BLEND);
    if (add) gl.blendFunc(gl.ONE, gl.ONE);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.activeTexture(gl.TEXTURE0);
  }

  free(...textures) {
    for (const texture of textures) if (texture) this.gl.deleteTexture(texture.handle);
  }
}
