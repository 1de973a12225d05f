/* Shaders of the painter. Each draws a whole target with one triangle; row 0 is the top of the
   frame everywhere but on the screen. The arithmetic is that of catchlight.render. */

export const VERTEX = `#version 300 es
void main() {
  vec2 at = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(at, 0.0, 1.0);
}`;

const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
layout(location = 0) out vec4 result;
`;

/* (x + e) 2^stops - e, 0 or more: 2^-12, as catchlight.pixels.blend. */
const EXPOSE = `
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

const CUBIC = `
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
uniform vec3 mean;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 here = texelFetch(person, at, 0);
  vec3 light = (here.rgb + mean) / (here.a + 1e-3);
  float edge = clamp(1.0 - texelFetch(cover, at, 0).r, 0.0, 1.0);
  vec3 thrown = 0.25 + 0.75 * light / (light + 0.18);
  result = vec4(amount * edge * thrown * max(texelFetch(behind, at, 0).rgb - light, 0.0), 1.0);
}`;

/** How much brighter the light around each place of a photo's background became. */
export const RELIGHT = `${HEAD}
uniform sampler2D before, after;
uniform vec3 meanBefore, meanAfter;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 was = texelFetch(before, at, 0), is_ = texelFetch(after, at, 0);
  vec3 dark = (was.rgb + meanBefore) / (was.a + 1e-3), lit = (is_.rgb + meanAfter) / (is_.a + 1e-3);
  result = vec4((lit + 1e-4) / (dark + 1e-4), 1.0);
}`;

const LIGHT = `${EXPOSE}
uniform sampler2D base, front, alpha, fixed_, moving, ground, own, gain, lift;
uniform vec3 even;
uniform float t;
uniform vec2 size;
vec3 stopsAt(ivec2 at) {
  return texelFetch(fixed_, at, 0).rgb + t * texelFetch(moving, at, 0).rgb + even;
}
#if GROUND == 2
vec3 behindAt(ivec2 at, vec3 stops) {
  vec2 there = (vec2(at) + 0.5) / size;
  vec3 lit = expose(texelFetch(base, at, 0).rgb, stops);
  vec3 field = texelFetch(ground, at, 0).rgb * texture(gain, there).rgb;
  return mix(field, lit, texture(own, there).r);
}
#endif
`;

/** The exposed person with their outline, and the exposed ground, before they are moved. */
export const LIT = `${HEAD}
layout(location = 1) out vec4 behind;
${LIGHT}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec3 stops = stopsAt(at);
#if GROUND == 0
  result = vec4(expose(texelFetch(base, at, 0).rgb, stops), 1.0);
  behind = vec4(0.0);
#else
  result = vec4(expose(texelFetch(front, at, 0).rgb, stops), texelFetch(alpha, at, 0).r);
#if GROUND == 2
  behind = vec4(behindAt(at, stops), 1.0);
#else
  behind = vec4(0.0);
#endif
#endif
}`;

const SCREEN = `
/* Linear P3 to codes of sRGB, as catchlight.images.dither without the dither: towards grey where
   a colour lies outside, never clipped by channel. */
const mat3 TO_SRGB = mat3(
  1.2249401763, -0.0420569547, -0.0196375546,
  -0.2249401763, 1.0420569547, -0.0786360456,
  0.0, 0.0, 1.0982736001);
vec3 encode(vec3 p3) {
  vec3 x = TO_SRGB * p3;
  if (any(lessThan(x, vec3(-1e-5))) || any(greaterThan(x, vec3(1.00001)))) {
    float y = clamp(dot(x, vec3(0.2289745641, 0.6917385218, 0.0792869141)), 0.0, 1.0);
    vec3 d = x - y, room = vec3(1.0);
    for (int c = 0; c < 3; c++)
      room[c] = d[c] > 0.0 ? (1.0 - y) / d[c] : d[c] < 0.0 ? -y / d[c] : 1.0;
    x = y + clamp(min(room.r, min(room.g, room.b)), 0.0, 1.0) * d;
  }
  x = clamp(x, 0.0, 1.0);
  return mix(1.055 * pow(x, vec3(1.0 / 2.4)) - 0.055, x * 12.92, lessThanEqual(x, vec3(0.0031308)));
}
`;

/** The picture. */
export const PICTURE = `${HEAD}${LIGHT}${CUBIC}${SCREEN}
uniform int stride;
#if MOVES
uniform sampler2D person, background, field, field2;
uniform vec2 pull;
#endif
void main() {
  // While a hand moves, a slow machine draws one pixel of \`stride\` each way.
  ivec2 at = min(ivec2(int(gl_FragCoord.x), int(size.y) / stride - 1 - int(gl_FragCoord.y)) * stride + stride / 2, ivec2(size) - 1);
  vec2 there = (vec2(at) + 0.5) / size;
#if MOVES
  vec2 move = pull.x * texture(field, there).rg + pull.y * texture(field2, there).rg;
  bool still = max(abs(move.x), abs(move.y)) <= 0.01;
  vec2 from = vec2(at) + move;
  vec4 here = still ? texelFetch(person, at, 0) : max(resample(person, from), 0.0);
#if GROUND == 0
  vec3 light = here.rgb;
#else
  here.a = min(here.a, 1.0);
#if GROUND == 2
  vec3 behind = still ? texelFetch(background, at, 0).rgb : max(resample(background, from).rgb, 0.0);
#else
  vec3 behind = texelFetch(ground, at, 0).rgb;
  here.rgb += texture(lift, there).rgb;
#endif
  vec3 light = mix(behind, here.rgb, here.a);
#endif
#else
  vec3 stops = stopsAt(at);
#if GROUND == 0
  vec3 light = expose(texelFetch(base, at, 0).rgb, stops);
#else
  float cover = texelFetch(alpha, at, 0).r;
  vec3 person = cover > 0.0 ? expose(texelFetch(front, at, 0).rgb, stops) : vec3(0.0);
#if GROUND == 2
  vec3 behind = cover < 1.0 ? behindAt(at, stops) : vec3(0.0);
#else
  vec3 behind = texelFetch(ground, at, 0).rgb;
  person += texture(lift, there).rgb;
#endif
  vec3 light = mix(behind, person, cover);
#endif
#endif
  result = vec4(encode(light), 1.0);
}`;

/** A picture of the frame as it is. */
export const PLAIN = `${HEAD}${SCREEN}
uniform sampler2D base;
uniform vec2 size;
void main() {
  ivec2 at = ivec2(int(gl_FragCoord.x), int(size.y) - 1 - int(gl_FragCoord.y));
  result = vec4(encode(texelFetch(base, at, 0).rgb), 1.0);
}`;
