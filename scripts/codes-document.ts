/** `docs/codes.md`: every code with its texts in both languages, from the catalogues that the app itself speaks by. */
import { CODES, type Code } from '../shared/codes.ts';
import type { Locale } from '../shared/locale.ts';
import { codeText } from '../shared/messages/message.ts';

/** What stands before a code's first dot; the two codes without one say how a shop stands, as a grant's do. */
type Room = Code extends infer Each ? (Each extends `${infer First}.${string}` ? First : 'grant') : never;

/** In the document's order. A room that is missing here does not compile. */
const ROOMS: Readonly<Record<Room, string>> = {
  consent: '동의 · The consent',
  grant: '인증의 상태 · The grant',
  client: '앱 정보 · The client',
  answer: 'Cafe24의 응답 · The token answer',
  network: '네트워크 · The network',
  rate: 'Cafe24의 요청 제한 · The rate limit',
  budget: '요청 횟수 · The budget of requests',
  store: '토큰 저장소 · The store',
  journal: '토큰 기록 · The journal',
  disk: '디스크 · The disk',
  keeper: '이 PC의 실행 방식 · How this machine runs it',
  config: '설정 · The configuration',
  server: '인증 응답을 받는 포트 · The local server',
  clock: '시각 · The clock',
  channel: '알림 · The warning channels',
  relay: '돌아오는 주소와 중계 페이지 · The redirect URI and the relay page',
  test: '연결 시험 · Testing the connection',
  refresh: '지금 갱신 · A refresh that was asked for',
  logs: '로그 · The logs',
  disconnect: '연결 해제 · Disconnecting',
  remove: '이 PC에서 제거 · Removing a shop',
  internal: '그 밖 · Anything else',
};

const INTRODUCTION = `# 코드별 해결 방법 · Every code, and what to do

창과 알림, 브라우저 화면, 로그에 나오는 코드를 이 문서에서 찾으십시오. 굵은 글씨가 뜻이고, 그 뒤가 하실 일입니다. 앱은 아는 것이
있으면 쇼핑몰, 항목, 다음 시도의 시각 같은 것을 덧붙여 보여 줍니다.

Look up the code that the window, a notice, the browser's page, the log, \`meta.reason\` or \`status --json\` names. In bold what is so,
then what to do. Where more is known (which shop, which value, when it is tried again) the app adds it.

Written by \`npm run codes\` from the app's own texts; do not edit it by hand.
`;

export function codesDocument(): string {
  return [INTRODUCTION, ...(Object.keys(ROOMS) as Room[]).map(sectionOf)].join('\n');
}

function sectionOf(room: Room): string {
  const rows = CODES.filter((code) => roomOf(code) === room).map(
    (code) => `| \`${code}\` | ${cellOf('ko', code)} | ${cellOf('en', code)} |`,
  );
  return [`## ${ROOMS[room]}`, '', '| 코드 · code | 한국어 | English |', '|---|---|---|', ...rows, ''].join(
    '\n',
  );
}

function roomOf(code: Code): string {
  return code.includes('.') ? code.slice(0, code.indexOf('.')) : 'grant';
}

function cellOf(locale: Locale, code: Code): string {
  const { title, todo } = codeText(locale, code);
  return `**${title}**. ${todo}`.replaceAll('|', '\\|');
}
