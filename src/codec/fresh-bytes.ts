interface NodeBuffer {
  allocUnsafeSlow(length: number): { readonly buffer: ArrayBuffer };
}

/** From here on clearing the memory costs more than asking for it in another way. */
const worthIt = 65_536;

/**
 * Memory whose every byte the caller writes before anybody else sees it: what it holds at first is not said.
 *
 * Node gives memory that it does not clear first, which saves a pass over it: half of the price of a fresh mask.
 */
export function freshBytes(length: number): Uint8Array<ArrayBuffer> {
  const node = length < worthIt ? undefined : (globalThis as { readonly Buffer?: NodeBuffer }).Buffer;
  return node === undefined ? new Uint8Array(length) : new Uint8Array(node.allocUnsafeSlow(length).buffer, 0, length);
}
