/** Cafe24's scopes in words. Names as in Cafe24 Developers, "permissions"; one that is not listed is shown as it is. */
import type { Locale } from '../locale.ts';
import { text } from './message.ts';

const SUBJECTS: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  application: { ko: '앱', en: 'app' },
  category: { ko: '상품분류', en: 'categories' },
  product: { ko: '상품', en: 'products' },
  collection: { ko: '판매분류', en: 'collections' },
  supply: { ko: '공급사', en: 'suppliers' },
  personal: { ko: '개인화', en: 'personalization' },
  order: { ko: '주문', en: 'orders' },
  community: { ko: '게시판', en: 'boards' },
  customer: { ko: '회원', en: 'customers' },
  notification: { ko: '알림', en: 'notifications' },
  store: { ko: '상점', en: 'store' },
  promotion: { ko: '프로모션', en: 'promotions' },
  design: { ko: '디자인', en: 'design' },
  salesreport: { ko: '매출통계', en: 'sales reports' },
  analytics: { ko: '접속통계', en: 'analytics' },
  shipping: { ko: '배송', en: 'shipping' },
  translation: { ko: '번역', en: 'translations' },
  mileage: { ko: '적립금', en: 'mileage' },
};

/** `product` -> `상품`. */
export function scopeSubject(locale: Locale, name: string): string {
  return (Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name]?.[locale] : undefined) ?? name;
}

const SCOPE = /^mall\.(read|write)_([a-z]+)$/;

/** `mall.read_product` -> `상품 조회`, `read products`. */
export function scopeText(locale: Locale, scope: string): string {
  const [, right, name = ''] = SCOPE.exec(scope) ?? [];
  const subject = Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name] : undefined;
  if (subject === undefined || right === undefined) return scope;
  return text(locale, right === 'write' ? 'scope.write' : 'scope.read', { what: subject[locale] });
}
