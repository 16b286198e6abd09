/**
 * The fields of `{cafe24:oauth:MALL}:meta`, a Redis hash of strings that outsiders may read (design, section 2).
 * This file names them once and turns them into typed values and back; it never throws on what another program wrote.
 */

export type MetaField =
  | 'state'
  | 'reason'
  | 'since'
  | 'checked_at'
  | 'generation'
  | 'refresh_token_hash'
  | 'issued_at'
  | 'grant'
  | 'parent'
  | 'deadline_source'
  | 'deadline_kind'
  | 'scopes'
  | 'user_id'
  | 'writer'
  | 'intent_hash'
  | 'intent_at'
  | 'intent_owner'
  | 'intent_tries'
  | 'intent_tried_at'
  | 'intent_outcome'
  | 'intent_reason'
  | 'intent_retry_at'
  | 'intent_client';

export type MetaFields = Readonly<Partial<Record<MetaField, string>>>;

/** What to write: a string sets the field, null removes it, an absent field stays. */
export type MetaPatch = Readonly<Partial<Record<MetaField, string | null>>>;
