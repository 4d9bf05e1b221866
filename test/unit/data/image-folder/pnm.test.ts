import { expect, it } from "vitest";
import { readPnm } from "../../../../src/data/image-folder/pnm.ts";

const file = (header: string, ...bytes: number[]): Buffer => Buffer.concat([Buffer.from(header), Buffer.from(bytes)]);
const grey = (...values: number[]): number[] => values.flatMap((value) => [value, value, value]);

it.each<[string, Buffer, number[], string[]]>([
  [
    "P1, digits with and without space, 1 is black",
    file("P1\n# by hand\n3 2\n1 0 1\n010"),
    grey(0, 255, 0, 255, 0, 255),
    ["grey"],
  ],
  ["P2", file("P2 3 2 # a comment\n 4\n0 1 2\n3 4 4"), grey(0, 64, 128, 191, 255, 255), ["grey"]],
  [
    "P3",
    file("P3\n3 2\n255\n1 2 3 4 5 6 7 8 9\n10 11 12 13 14 15 16 17 18"),
    Array.from({ length: 18 }, (_, i) => i + 1),
    [],
  ],
  ["P4, rows in whole bytes", file("P4\n3 2\n", 0b10111111, 0b01000000), grey(0, 255, 0, 255, 0, 255), ["grey"]],
  ["P5", file("P5\n3 2\n255\n", 0, 10, 35, 48, 254, 255), grey(0, 10, 35, 48, 254, 255), ["grey"]],
  [
    "P5 of 16 bits",
    file("P5\n3 2\n65535\n", 0, 0, 128, 128, 255, 255, 0, 255, 1, 0, 127, 255),
    grey(0, 128, 255, 1, 1, 127),
    ["grey", "16-bit"],
  ],
  [
    "P6",
    file("P6\n#c\r3 2\n255\n", ...Array.from({ length: 18 }, (_, i) => 10 * i)),
    Array.from({ length: 18 }, (_, i) => 10 * i),
    [],
  ],
  [
    "P6 of another maximum",
    file("P6\n3 2 15\n", ...Array.from({ length: 18 }, (_, i) => i % 16)),
    Array.from({ length: 18 }, (_, i) => (i % 16) * 17),
    [],
  ],
])("reads %s", (_, bytes, rgb, traits) => {
  const image = readPnm(bytes);
  expect([image.width, image.height, [...image.rgb], image.traits]).toEqual([3, 2, rgb, traits]);
});

it.each([
  ["P6\n3 2\n255\n12345", "16 of 29 bytes"],
  ["P2\n3 2\n255\n1 2 3", "a file that is cut short"],
  ["P2\n3 2\n255\n1 2 x 4 5 6", "something else than a number"],
  ["P2\n3 2\n255\n1 2 300 4 5 6", "a sample of 300 where 255 is the most"],
  ["P5\n3 2\n70000\n", "samples up to 70000"],
  ["P5\n3 2\n0\n", "samples up to 0"],
  ["P5\n0 2\n255\n", "a size of 0x2"],
  ["P5\n99999999999999 9 255\n", "more than"],
  ["P5 # never ends", "a file that is cut short"],
  ["P5", "a file that is cut short"],
])("refuses %j", (text, message) => {
  expect(() => readPnm(Buffer.from(text))).toThrow(message);
});
