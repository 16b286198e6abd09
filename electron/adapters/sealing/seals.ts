/** The two seals, over Node's own cryptography: a key under a client secret, and data under a key. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Wrap } from './key-file.ts';
import { type SealedText, writeSealedText } from './sealed-text.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** 96 bits, the length GCM is made for (NIST SP 800-38D, 8.2.2): random ones are safe for 2^32 messages of a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SALT_BYTES = 16;

export function newKey(): Buffer {
  return randomBytes(KEY_BYTES);
}

export function newKeyId(): string {
  return randomBytes(8).toString('hex');
}

/** A key wrapped under HKDF-SHA256(client secret, random salt, mall id); bound to its id. */
export function wrapKey(key: Buffer, secret: string, mall: string, keyId: string): Wrap {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const wrapped = encrypt(wrappingKeyOf(secret, salt, mall), nonce, keyId, key);
  return { salt: text(salt), nonce: text(nonce), key: text(wrapped) };
}

/** Null where this secret is not the one it was wrapped under. */
export function unwrapKey(wrap: Wrap, secret: string, mall: string, keyId: string): Buffer | null {
  const wrappingKey = wrappingKeyOf(secret, bytes(wrap.salt), mall);
  const key = decrypt(wrappingKey, bytes(wrap.nonce), keyId, bytes(wrap.key));
  return key?.length === KEY_BYTES ? key : null;
}

export function sealWith(key: Buffer, keyId: string, context: string, data: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const sealed = encrypt(key, nonce, context, Buffer.from(data, 'utf8'));
  return writeSealedText({ key: keyId, nonce: text(nonce), data: text(sealed) });
}

/** Null where it is not what was sealed under this key and context. */
export function unsealWith(key: Buffer, context: string, sealed: SealedText): string | null {
  return decrypt(key, bytes(sealed.nonce), context, bytes(sealed.data))?.toString('utf8') ?? null;
}

function wrappingKeyOf(secret: string, salt: Buffer, mall: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, mall, KEY_BYTES));
}

function encrypt(key: Buffer, nonce: Buffer, context: string, data: Buffer): Buffer {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([cipher.update(data), cipher.final(), cipher.getAuthTag()]);
}

function decrypt(key: Buffer, nonce: Buffer, context: string, data: Buffer): Buffer | null {
  if (nonce.length !== NONCE_BYTES || data.length < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8'));
  decipher.setAuthTag(data.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]);
  } catch {
    // `final` throws where the tag does not fit: another key, another context, or other data.
    return null;
  }
}

function text(data: Buffer): string {
  return data.toString('base64url');
}

function bytes(data: string): Buffer {
  return Buffer.from(data, 'base64url');
}
