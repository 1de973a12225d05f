/* Shaders of the picture itself: exposed, moved, laid on its ground, and coded for the screen. */

import { CUBIC, EXPOSE, HEAD } from "./shaders.js";

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
