/**
 * The ledger of warnings in Redis, as Lua: one hash per mall, its values JSON that outsiders may read (docs/keeper.md,
 * 18). The same promises as `alert-book.ts` gives for files. Commands: TYPE, TIME, DEL, HGET, HGETALL, HSET, HDEL.
 *
 * KEYS[1] is the hash; ARGV[1] is always the simulator's offset in ms (0 in production).
 */
import { ALERTS_KEPT_MS } from '../../../shared/warnings.ts';
import { LONGEST_CLAIM_MS } from '../alert-book.ts';

/** The field that holds the deadline that stages are counted by. */
export const ANCHOR_FIELD = 'anchor';

const PRELUDE = `
local ALERTS = KEYS[1]

local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000) + tonumber(ARGV[1])

local function kind() return redis.call('TYPE', ALERTS).ok end

-- The name is ours alone: what else stands there is in the way of every write.
local function prepare()
  local found = kind()
  if found ~= 'hash' and found ~= 'none' then redis.call('DEL', ALERTS) end
end

local function parse(text)
  local fine, entry = pcall(cjson.decode, text)
  if not fine or type(entry) ~= 'table' then return nil end
  local known = entry.status == 'claimed' or entry.status == 'sent'
  if not known or type(entry.owner) ~= 'string' or type(entry['until']) ~= 'number' then return nil end
  return entry['until'] >= 0 and entry['until'] <= ${Number.MAX_SAFE_INTEGER} and entry or nil
end

-- What is no entry counts as none.
local function standing(field)
  local text = redis.call('HGET', ALERTS, field)
  return text and parse(text) or nil
end

local function put(field, status, owner, at)
  local value = '{"status":"' .. status .. '","owner":' .. cjson.encode(owner)
  redis.call('HSET', ALERTS, field, value .. ',"until":' .. string.format('%.0f', at) .. '}')
end

-- After the new entry, so that a full server refuses the whole and not the half.
local function prune()
  local all = redis.call('HGETALL', ALERTS)
  for index = 1, #all, 2 do
    local entry = parse(all[index + 1])
    if entry and entry['until'] <= now - ${ALERTS_KEPT_MS} then redis.call('HDEL', ALERTS, all[index]) end
  end
end
`;

/** Replies { now, field, value, field, value, ... }. */
export const READ_ALERTS = `${PRELUDE}
return { now, kind() == 'hash' and redis.call('HGETALL', ALERTS) or {} }
`;

/** ARGV: 2 field, 3 owner, 4 how long the claim stands in ms. Replies 1 when it is the owner's now. */
export const CLAIM_ALERT = `${PRELUDE}
prepare()
local entry = standing(ARGV[2])
if entry then
  if entry.status == 'sent' then return 0 end
  local believable = entry['until'] <= now + ${LONGEST_CLAIM_MS}
  if entry['until'] > now and believable then return 0 end
end
put(ARGV[2], 'claimed', ARGV[3], now + tonumber(ARGV[4]))
prune()
return 1
`;

/** ARGV: 2 field, 3 owner, 4 sent | given_up. */
export const SETTLE_ALERT = `${PRELUDE}
prepare()
local entry = standing(ARGV[2])
if entry and (entry.status == 'sent' or entry.owner ~= ARGV[3]) then return 0 end
if ARGV[4] == 'sent' then
  put(ARGV[2], 'sent', ARGV[3], now)
  prune()
elseif entry then
  redis.call('HDEL', ALERTS, ARGV[2])
end
return 1
`;

/** ARGV: 2 and on: field, owner, when it was sent, for each entry. It cannot have been sent later than now. */
export const IMPORT_ALERTS = `${PRELUDE}
prepare()
for index = 2, #ARGV, 3 do
  local entry = standing(ARGV[index])
  if not entry or entry.status ~= 'sent' then
    put(ARGV[index], 'sent', ARGV[index + 1], math.min(tonumber(ARGV[index + 2]), now))
  end
end
prune()
return 1
`;

/** ARGV: 2 the deadline in ms. */
export const ANCHOR_ALERTS = `${PRELUDE}
prepare()
redis.call('HSET', ALERTS, '${ANCHOR_FIELD}', ARGV[2])
return 1
`;
