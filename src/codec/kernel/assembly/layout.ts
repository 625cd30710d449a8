/**
 * Where everything stands in the kernel's memory, in bytes: 15 pages of 64 KB, less than the second-level cache of
 * most processors. The kernel has no heap and no static data; `reset` of each part makes what it needs.
 *
 * The numbers that JavaScript needs are exported by `index.ts`.
 */

/** Decoding tables of the literal and length codes: 11 bits and what is longer (at most 2342 entries of 4 bytes). */
export const LITERALS: usize = 0x400;
/** Decoding tables of the distance codes: 8 bits and what is longer (at most 402 entries). */
export const DISTANCES: usize = 0x2c00;
/** Code lengths of the block being read, and the symbols sorted by code. */
export const LENGTHS: usize = 0x3400;
export const SORTED: usize = 0x3600;
/** Counts and places by code length. */
export const COUNTS: usize = 0x3a00;
/** For distances 2 to 15: 16 places each, `i mod distance`. */
export const PATTERNS: usize = 0x3b00;

/** Colour table of `mapColors`: 8192 slots of a colour and an index, 4 bytes each. */
export const COLORS: usize = 0x4000;
export const COLOR_SLOTS: u32 = 8192;

/** Compressed bytes. */
export const INPUT: usize = 0x14000;
export const INPUT_BYTES: usize = 0x8000;

/** Inflated bytes: up to 32 KB of history or the begun row, then the band. */
export const RAW: usize = 0x1d000;
export const RAW_BYTES: usize = 0x50000;

/** Unfiltered rows without filter bytes; the row above stands right before. */
export const ROWS: usize = 0x7e000;
export const ROWS_BYTES: usize = 0x40000;

/** Class indices, where unpacking or colours make them of the rows. */
export const INDICES: usize = 0xbf000;
export const INDICES_BYTES: usize = 0x30000;

/** Longest row that is handled in bands. */
export const LONGEST_ROW: usize = 0x10000;

// The highest value of each pixel takes the same memory: classes, values, and the planes they are found in.
export const CLASSES: usize = COLORS;
export const CLASSES_BYTES: usize = 0x4000;
export const BEST: usize = CLASSES + CLASSES_BYTES;
export const PLANES: usize = BEST + CLASSES_BYTES * 4;
export const PLANES_BYTES: usize = 0xef000 - PLANES;

// Compressing has its own use of the memory in front of RAW; the compressed bytes go to INDICES.
/** Symbols of a block and how often each occurs: 288 literals and lengths, 32 distances, 19 code lengths. */
export const FREQUENCIES: usize = 0x400;
/** Code lengths, and codes, of the same symbols. */
export const CODE_LENGTHS: usize = 0xa00;
export const CODES: usize = 0xc00;
/** What a match of each length is written as. */
export const LENGTH_BITS: usize = 0x1400;
/** Sorted symbols and the weights of the tree while a code is made. */
export const TREE: usize = 0x2000;
/** Code lengths as they are written. */
export const RUNS: usize = 0x3000;
/** Literals and matches of the block. */
export const TOKENS: usize = COLORS;
export const MOST_TOKENS: u32 = 0x6000;
