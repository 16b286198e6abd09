import { type SubmitEvent, useEffect, useRef } from 'react';
import type { ImportedEnv, Intent } from '../../shared/ipc.ts';
import type { Snapshot } from '../../shared/snapshot.ts';
import { AnswerLine } from '../forms/answer-line.tsx';
import { ChannelFields, useChannelsDraft } from '../forms/channel-fields.tsx';
import { allFine } from '../forms/field-state.ts';
import { ScopesField } from '../forms/scopes-field.tsx';
import { CredentialFields, MallField, RedirectField, useShopDraft } from '../forms/shop-fields.tsx';
import { StartAtLogin } from '../forms/start-at-login.tsx';
import { StoreFields, useStoreDraft } from '../forms/store-fields.tsx';
import { useSaving } from '../forms/use-saving.ts';
import { Footer } from '../parts/footer.tsx';
import { Notices } from '../parts/notices.tsx';
import { SimulatorBadge } from '../parts/shop-header.tsx';
import { useWords } from '../words.ts';
import { ConnectStep } from './connect-step.tsx';
import { EnvDrop } from './env-drop.tsx';
import { type Step, stepBeside } from './steps.ts';

interface Props {
  readonly snapshot: Snapshot;
  readonly steps: readonly Step[];
  readonly step: Step;
  /** The shop that is being set up, once it is known. */
  readonly mall: string | null;
  readonly onStep: (step: Step) => void;
  readonly onMall: (mall: string) => void;
  readonly onDone: () => void;
}

/** One step at a time; what was typed in the others is kept. Enter goes on. */
export function Wizard({ snapshot, steps, step, mall, onStep, onMall, onDone }: Props) {
  const { say } = useWords();
  const { settings, simulator } = snapshot;
  const shop = useShopDraft(settings.shops.find((each) => each.mall === mall) ?? null, simulator);
  const store = useStoreDraft(settings.store);
  const channels = useChannelsDraft(settings.channels);
  const saving = useSaving();
  const form = useFocusOfStep(step);
  const connected = snapshot.malls.some((each) => each.mall === mall && each.deadlineAt !== null);

  const move = (by: 1 | -1): void => {
    saving.forget();
    onStep(stepBeside(steps, step, by));
  };

  const saveShop = async (...before: readonly Intent[]): Promise<void> => {
    const values = shop.form();
    const save: Intent =
      mall === null || mall === values.mall
        ? { do: 'save-shop', shop: values }
        : { do: 'rename-shop', mall, shop: values };
    if (!(await saving.send(...before, save))) return;
    onMall(values.mall);
    move(1);
  };

  /** A file that names another shop than the one before it corrects that one. */
  const takeOver = async ({ mall: named }: ImportedEnv): Promise<void> => {
    if (named === null) return;
    if (mall !== null && mall !== named && !connected) await saving.send({ do: 'remove-shop', mall });
    onMall(named);
  };

  const saveChannels = async (): Promise<boolean> => {
    if (!allFine(channels.fields)) return false;
    if (!(await saving.send({ do: 'save-channels', channels: channels.form() }))) return false;
    for (const secret of [channels.slackWebhookUrl, channels.smtpUrl, channels.heartbeatUrl]) secret.settle();
    return true;
  };

  const goOn = async (): Promise<void> => {
    switch (step) {
      case 'shop':
        if (allFine([shop.mall, shop.clientId, shop.clientSecret])) move(1);
        return;
      case 'return':
        if (allFine([shop.redirectUri])) move(1);
        return;
      case 'scopes':
        if (!allFine([shop.scopes])) return;
        if (steps.includes('store')) move(1);
        else await saveShop();
        return;
      case 'store':
        if (allFine(store.fields)) await saveShop({ do: 'save-store', store: store.form() });
        return;
      case 'warnings':
        if (await saveChannels()) move(1);
        return;
      case 'connect':
        if (!connected && mall !== null && !(await saving.send({ do: 'reauthorize', mall }))) return;
        onDone();
    }
  };

  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void goOn();
  };

  return (
    <main className="window">
      <form ref={form} className="window__form" onSubmit={submit} noValidate aria-labelledby="setup-heading">
        <div className="window__scroll">
          <header className="shop">
            <div className="shop__names">
              <p>{say('setup.progress', { total: steps.length, step: steps.indexOf(step) + 1 })}</p>
              <h1 id="setup-heading" data-testid="setup" data-step={step}>
                {say(`setup.step.${step}`)}
              </h1>
            </div>
            {snapshot.simulator && <SimulatorBadge />}
          </header>
          <progress
            className="progress"
            aria-hidden="true"
            max={steps.length}
            value={steps.indexOf(step) + 1}
          />
          {/* Without a shop there is no server to ask for the time. */}
          <Notices notices={snapshot.notices} except={['clock.unverified']} />
          <section className="card form">
            {step !== 'connect' && <p className="lead">{say(`setup.step.${step}.lead`)}</p>}
            {step === 'shop' && (
              <>
                <MallField draft={shop} isProven={connected} />
                <CredentialFields draft={shop} />
                <p className="field__where">
                  {say(settings.areSecretsKept ? 'secret.keyring' : 'secret.memory')}
                </p>
              </>
            )}
            {step === 'return' && <RedirectField draft={shop} />}
            {step === 'scopes' && <ScopesField draft={shop} />}
            {step === 'store' && <StoreFields draft={store} mall={shop.form().mall || null} />}
            {step === 'warnings' && (
              <>
                <ChannelFields draft={channels} mall={mall} save={saveChannels} />
                <StartAtLogin settings={settings} />
              </>
            )}
            {step === 'connect' && mall !== null && <ConnectStep snapshot={snapshot} mall={mall} />}
            <AnswerLine reply={saving.reply} testId="setup-answer" />
          </section>
          {step === 'shop' && <EnvDrop onTaken={(imported) => void takeOver(imported)} />}
        </div>
        <div className="window__bottom">
          <div className="actions__buttons">
            {step !== steps[0] && (
              <button type="button" data-do="back" onClick={() => move(-1)}>
                {say('setup.back')}
              </button>
            )}
            <button type="submit" className="primary" data-do="next" aria-disabled={saving.isBusy}>
              {say(
                saving.isBusy
                  ? 'setup.saving'
                  : step !== 'connect'
                    ? 'setup.next'
                    : connected
                      ? 'setup.finish'
                      : 'action.connect',
              )}
            </button>
          </div>
          <Footer release={snapshot.release} />
        </div>
      </form>
    </main>
  );
}

/** The keyboard goes on where the step begins. */
function useFocusOfStep(step: Step) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const first = form.current?.querySelector<HTMLElement>(
      '.form input:not([type="radio"]), .form input:checked, .form textarea',
    );
    const button = form.current?.querySelector<HTMLElement>('[data-do="next"]');
    if (step === 'connect') button?.focus();
    else (first ?? button)?.focus();
    window.scrollTo(0, 0);
  }, [step]);
  return form;
}
