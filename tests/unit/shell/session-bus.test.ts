import { describe, expect, test } from 'vitest';
import { decodeMessages, encodeCall } from '../../../electron/adapters/tray/dbus-wire.ts';
import { sessionBusSocketOf } from '../../../electron/adapters/tray/session-bus.ts';

describe('where the session bus is', () => {
  test.each([
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus' }, '/run/user/1000/bus'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/tmp/a%20b,guid=0123' }, '/tmp/a b'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=/tmp/dbus-x,guid=0123' }, '\0/tmp/dbus-x'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=x,port=1;unix:path=/b' }, '/b'],
    [{ DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '/run/user/1000' }, '/run/user/1000/bus'],
    [{ DBUS_SESSION_BUS_ADDRESS: 'autolaunch:' }, null],
    [{}, null],
  ])('%j', (env, socket) => {
    expect(sessionBusSocketOf(env)).toBe(socket);
  });
});

describe('the wire format', () => {
  const call = encodeCall(
    { destination: 'a.b', path: '/a', interface: 'a.b', member: 'Get', args: ['one', 'übung'] },
    7,
  );

  test('what is written can be read, in whatever pieces it arrives', () => {
    const both = Buffer.concat([call, call]);
    for (let cut = 0; cut <= both.length; cut += 1) {
      const first = decodeMessages(both.subarray(0, cut));
      const second = decodeMessages(Buffer.concat([first.rest, both.subarray(cut)]));
      const messages = [...first.messages, ...second.messages];
      expect(messages.map(({ member, body }) => [member, body])).toEqual([
        ['Get', ['one', 'übung']],
        ['Get', ['one', 'übung']],
      ]);
      expect(second.rest).toHaveLength(0);
    }
  });

  test('a message of another byte order or beyond all measure ends the connection', () => {
    expect(() => decodeMessages(Buffer.concat([Buffer.from('B'), call.subarray(1)]))).toThrow('byte order');
    const endless = Buffer.from(call);
    endless.writeUInt32LE(0xffff_fff0, 4);
    expect(() => decodeMessages(endless)).toThrow('too long');
  });
});
