/**
 * As much of the D-Bus wire format as a question and its answer need: calls with string arguments out, replies and
 * signals in (D-Bus specification, "Message Protocol"). A library for it would be the largest part of the main bundle.
 */
const LITTLE_ENDIAN = 0x6c;
const PROTOCOL_VERSION = 1;
/** The bus must not start the service that is asked for. */
const NO_AUTO_START = 0x2;
/** The specification's limit for one message. */
const LONGEST_MESSAGE = 128 * 1024 * 1024;
const FIXED_HEADER = 16;

export const MESSAGE_TYPE = { call: 1, reply: 2, error: 3, signal: 4 } as const;
const FIELD = {
  path: 1,
  interface: 2,
  member: 3,
  replySerial: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;

export interface Call {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args: readonly string[];
}

export interface Message {
  readonly type: number;
  readonly interface: string | null;
  readonly member: string | null;
  readonly sender: string | null;
  readonly replySerial: number | null;
  /** Values up to the first of a type that this reader does not know. */
  readonly body: readonly unknown[];
}

export function encodeCall(call: Call, serial: number): Buffer {
  const body = new Writer();
  for (const argument of call.args) body.string(argument);

  const header = new Writer();
  header.bytes([LITTLE_ENDIAN, MESSAGE_TYPE.call, NO_AUTO_START, PROTOCOL_VERSION]);
  header.uint32(body.length);
  header.uint32(serial);
  const fields = new Writer(FIXED_HEADER);
  fields.field(FIELD.path, 'o', call.path);
  fields.field(FIELD.destination, 's', call.destination);
  fields.field(FIELD.interface, 's', call.interface);
  fields.field(FIELD.member, 's', call.member);
  if (call.args.length > 0) fields.field(FIELD.signature, 'g', 's'.repeat(call.args.length));
  header.uint32(fields.length);
  const head = Buffer.concat([header.buffer(), fields.buffer()]);
  return Buffer.concat([head, Buffer.alloc(paddingOf(head.length, 8)), body.buffer()]);
}

/**
 * Takes whole messages off the front of what has arrived. Throws on what no bus says to this machine: the connection
 * is of no use then.
 */
export function decodeMessages(arrived: Buffer): {
  readonly messages: readonly Message[];
  readonly rest: Buffer;
} {
  const messages: Message[] = [];
  let rest = arrived;
  while (rest.length >= FIXED_HEADER) {
    if (rest[0] !== LITTLE_ENDIAN) throw new Error('D-Bus: a message of another byte order');
    const bodyLength = rest.readUInt32LE(4);
    const headEnd = FIXED_HEADER + rest.readUInt32LE(12);
    const bodyStart = headEnd + paddingOf(headEnd, 8);
    const end = bodyStart + bodyLength;
    if (end > LONGEST_MESSAGE) throw new Error('D-Bus: a message too long');
    if (rest.length < end) break;
    messages.push(decodeMessage(rest.subarray(0, end), headEnd, bodyStart));
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

function decodeMessage(message: Buffer, headEnd: number, bodyStart: number): Message {
  const fields = new Map<number, unknown>();
  const head = new Reader(message.subarray(0, headEnd), FIXED_HEADER);
  while (head.position < headEnd) {
    head.align(8);
    const name = head.byte();
    fields.set(name, head.variant());
  }
  const textOf = (field: number): string | null => {
    const value = fields.get(field);
    return typeof value === 'string' ? value : null;
  };
  const replySerial = fields.get(FIELD.replySerial);
  return {
    type: message[1] ?? 0,
    interface: textOf(FIELD.interface),
    member: textOf(FIELD.member),
    sender: textOf(FIELD.sender),
    replySerial: typeof replySerial === 'number' ? replySerial : null,
    body: decodeBody(message.subarray(bodyStart), textOf(FIELD.signature) ?? ''),
  };
}

function decodeBody(bytes: Buffer, signature: string): readonly unknown[] {
  const reader = new Reader(bytes, 0);
  const values: unknown[] = [];
  for (const type of signature) {
    if (!Reader.knows(type)) break;
    values.push(reader.value(type));
  }
  return values;
}

function paddingOf(length: number, boundary: number): number {
  return (boundary - (length % boundary)) % boundary;
}

class Writer {
  readonly #parts: Buffer[] = [];
  readonly #origin: number;
  length = 0;

  /** `origin`: where in the message this part begins; alignment counts from the message's start. */
  constructor(origin = 0) {
    this.#origin = origin;
  }

  buffer(): Buffer {
    return Buffer.concat(this.#parts);
  }

  bytes(values: readonly number[] | Buffer): void {
    const part = Buffer.from(values);
    this.#parts.push(part);
    this.length += part.length;
  }

  align(boundary: number): void {
    this.bytes(Buffer.alloc(paddingOf(this.#origin + this.length, boundary)));
  }

  uint32(value: number): void {
    this.align(4);
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value);
    this.bytes(part);
  }

  string(value: string): void {
    this.uint32(Buffer.byteLength(value));
    this.bytes(Buffer.from(`${value}\0`));
  }

  signature(value: string): void {
    this.bytes([value.length]);
    this.bytes(Buffer.from(`${value}\0`));
  }

  field(name: number, type: 's' | 'o' | 'g', value: string): void {
    this.align(8);
    this.bytes([name]);
    this.signature(type);
    if (type === 'g') this.signature(value);
    else this.string(value);
  }
}

class Reader {
  readonly #bytes: Buffer;
  position: number;

  constructor(bytes: Buffer, position: number) {
    this.#bytes = bytes;
    this.position = position;
  }

  static knows(type: string): boolean {
    return 'sogubv'.includes(type);
  }

  align(boundary: number): void {
    this.position += paddingOf(this.position, boundary);
  }

  byte(): number {
    const value = this.#bytes.readUInt8(this.position);
    this.position += 1;
    return value;
  }

  uint32(): number {
    this.align(4);
    const value = this.#bytes.readUInt32LE(this.position);
    this.position += 4;
    return value;
  }

  text(length: number): string {
    const end = this.position + length;
    if (end >= this.#bytes.length) throw new Error('D-Bus: a text beyond its message');
    const value = this.#bytes.toString('utf8', this.position, end);
    this.position = end + 1;
    return value;
  }

  variant(): unknown {
    const type = this.text(this.byte());
    if (!Reader.knows(type)) throw new Error(`D-Bus: a value of type ${type}`);
    return this.value(type);
  }

  value(type: string): unknown {
    switch (type) {
      case 's':
      case 'o':
        return this.text(this.uint32());
      case 'g':
        return this.text(this.byte());
      case 'u':
        return this.uint32();
      case 'b':
        return this.uint32() === 1;
      case 'v':
        return this.variant();
      default:
        throw new Error(`D-Bus: a value of type ${type}`);
    }
  }
}
