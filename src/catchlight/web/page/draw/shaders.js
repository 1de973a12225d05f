/* Shaders of the painter. Each draws a whole target with one triangle; row 0 is the top of the
   frame everywhere but on the screen. The arithmetic is that of catchlight.render. */

export const VERTEX = `#version 300 es
void main() {
  vec2 at = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(at, 0.0, 1.0);
}`;

export const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
layout(location = 0) out vec4 result;
`;

/* (x + e) 2^stops - e, 0 or more: 2^-12, as catchlight.pixels.blend. */
export const EXPOSE = `
vec3 expose(vec3 light, vec3 stops) {
  vec3 factor = exp2(stops);
  return max(light * factor + 0.000244140625 * (factor - 1.0), 0.0);
}
`;

/** One layer, brought to the frame and weighed; targets add it up. */
export const LAYER = `${HEAD}
uniform sampler2D layer;
uniform vec3 across, down;
uniform vec2 size;
uniform float strength;
uniform bool grey;
void main() {
  vec3 here = vec3(gl_FragCoord.xy - 0.5, 1.0);
  vec2 at = (vec2(dot(across, here), dot(down, here)) + 0.5) / size;
  vec3 stops = texture(layer, at).rgb;
  result = vec4((grey ? stops.rrr : stops) * strength, 0.0);
}`;

/** Layers whose samples are the frame's own pixels, four at a time, weighed and summed. */
export const EXACT = `${HEAD}
uniform sampler2D layer0, layer1, layer2, layer3;
uniform vec4 strengths;
uniform bvec4 grey;
vec3 stopsOf(sampler2D layer, int i, ivec2 at) {
  if (strengths[i] == 0.0) return vec3(0.0);
  vec3 stops = texelFetch(layer, at, 0).rgb;
  return (grey[i] ? stops.rrr : stops) * strengths[i];
}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  result = vec4(stopsOf(layer0, 0, at) + stopsOf(layer1, 1, at) + stopsOf(layer2, 2, at) + stopsOf(layer3, 3, at), 0.0);
}`;

/** Longest half of a kernel that `BLUR` takes. */
export const REACH = 47;

/** A Gaussian along one axis; `weights` from the middle outwards, their sum over both sides 1. */
export const BLUR = `${HEAD}
uniform sampler2D picture;
uniform ivec2 step;
uniform int reach;
uniform float weights[${REACH + 1}];
void main() {
  ivec2 here = ivec2(gl_FragCoord.xy), last = textureSize(picture, 0) - 1;
  vec4 sum = weights[0] * texelFetch(picture, here, 0);
  for (int i = 1; i <= reach; i++) {
    sum += weights[i] * (texelFetch(picture, min(here + i * step, last), 0) + texelFetch(picture, max(here - i * step, ivec2(0)), 0));
  }
  result = sum;
}`;

/** The average of the part of a picture that a smaller pixel covers. */
export const SHRINK = `${HEAD}
uniform sampler2D picture;
uniform vec2 factor;
void main() {
  vec2 from = (gl_FragCoord.xy - 0.5) * factor, to = from + factor;
  ivec2 first = ivec2(floor(from)), last = min(ivec2(ceil(to)), textureSize(picture, 0));
  vec4 sum = vec4(0.0);
  float all = 0.0;
  for (int y = first.y; y < last.y; y++) {
    float high = min(to.y, float(y + 1)) - max(from.y, float(y));
    for (int x = first.x; x < last.x; x++) {
      float weight = high * (min(to.x, float(x + 1)) - max(from.x, float(x)));
      sum += weight * texelFetch(picture, ivec2(x, y), 0);
      all += weight;
    }
  }
  result = sum / all;
}`;

export const CUBIC = `
/* Weights of OpenCV's cubic, a = -0.75. */
vec4 cubic(float t) {
  vec4 x = vec4(1.0 + t, t, 1.0 - t, 2.0 - t);
  vec4 near = ((-0.75 + 2.0) * x - (-0.75 + 3.0)) * x * x + 1.0;
  vec4 far = ((-0.75 * x + 5.0 * 0.75) * x - 8.0 * 0.75) * x + 4.0 * 0.75;
  return vec4(far.x, near.y, near.z, far.w);
}
vec4 resample(sampler2D picture, vec2 at) {
  vec2 whole = floor(at);
  ivec2 first = ivec2(whole) - 1, last = textureSize(picture, 0) - 1;
  vec4 across = cubic(at.x - whole.x), down = cubic(at.y - whole.y), sum = vec4(0.0);
  for (int y = 0; y < 4; y++) {
    vec4 row = vec4(0.0);
    for (int x = 0; x < 4; x++)
      row += across[x] * texelFetch(picture, clamp(first + ivec2(x, y), ivec2(0), last), 0);
    sum += down[y] * row;
  }
  return sum;
}
`;

/** A ground at the frame's size: enlarged by cubics, with the photo's grain. */
export const GROUND = `${HEAD}${CUBIC}
uniform sampler2D field, tile;
uniform vec2 factor;
uniform float grain;
uniform bool even;
void main() {
  vec2 here = gl_FragCoord.xy;
  vec3 light = even ? texelFetch(field, ivec2(0), 0).rgb : resample(field, here * factor - 0.5).rgb;
  light = max(light, 0.0);
  if (grain > 0.0) {
    float root = sqrt(max(dot(light, vec3(0.2289745641, 0.6917385218, 0.0792869141)), 1e-4));
    float noise = texelFetch(tile, ivec2(here) & 255, 0).r * grain;
    float factor = max(noise / root + 1.0, 0.0);
    light *= factor * factor;
  }
  result = vec4(light, 1.0);
}`;

/** A small picture exposed; `cover` says how much of each place counts. */
export const NEAR = `${HEAD}${EXPOSE}
uniform sampler2D picture, cover, fixed_, moving;
uniform vec3 even;
uniform float t;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec3 stops = texelFetch(fixed_, at, 0).rgb + t * texelFetch(moving, at, 0).rgb + even;
  float weight = texelFetch(cover, at, 0).r;
  result = vec4(expose(texelFetch(picture, at, 0).rgb, stops) * weight, weight);
}`;

/** Light of the ground around the edge: amount * near * thrown * (behind - person), 0 or more. */
export const WRAP = `${HEAD}
uniform sampler2D person, behind, cover;
uniform float amount;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 here = texelFetch(person, at, 0);
  vec3 light = here.rgb / (here.a + 1e-3);
  float edge = clamp(1.0 - texelFetch(cover, at, 0).r, 0.0, 1.0);
  vec3 thrown = 0.25 + 0.75 * light / (light + 0.18);
  result = vec4(amount * edge * thrown * max(texelFetch(behind, at, 0).rgb - light, 0.0), 1.0);
}`;

/** How much brighter the light around each place of a photo's background became. */
export const RELIGHT = `${HEAD}
uniform sampler2D before, after;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 was = texelFetch(before, at, 0), is_ = texelFetch(after, at, 0);
  vec3 dark = was.rgb / (was.a + 1e-3), lit = is_.rgb / (is_.a + 1e-3);
  result = vec4((lit + 1e-4) / (dark + 1e-4), 1.0);
}`;
