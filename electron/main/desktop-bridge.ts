import type { WebContents } from 'electron';
import { z } from 'zod';
import { DesktopChoices, type DesktopState } from '../../shared/model/desktop.ts';
import type { Logger } from '../hub/log.ts';
import { DESKTOP_CALLS, DESKTOP_STATE_CHANNEL } from '../preload/channels.ts';
import type { Choices } from './choices.ts';
import { onPageCall, type PageCall } from './ipc.ts';
import type { ShellMessages } from './messages/messages.ts';
import type { Updates } from './updates.ts';

export interface DesktopBridgeOptions {
  choices: Choices;
  updates: Pick<Updates, 'state' | 'check' | 'download' | 'install'>;
  openLoginPage(server: string): Promise<void>;
  logger: Logger;
  text: () => ShellMessages;
}

/** Main's side of the DesktopBridge: the app's own choices and updates, and login pages, for our pages. */
export interface DesktopBridgeServer {
  /** Tells every page that ever asked of the state as it is now. */
  announce(): void;
  dispose(): void;
}

const NOTHING = z.undefined();
const SERVER_NAME = z.string().min(1).max(1_000);

export function serveDesktopBridge({
  choices,
  updates,
  openLoginPage,
  logger,
  text,
}: DesktopBridgeOptions): DesktopBridgeServer {
  const pages = new Set<WebContents>();
  const state = (): DesktopState => ({ choices: choices.get(), update: updates.state });

  function follow(contents: WebContents): void {
    if (pages.has(contents)) return;
    pages.add(contents);
    contents.once('destroyed', () => pages.delete(contents));
  }

  const serve = <T>(call: PageCall<T>): (() => void) => onPageCall(call, logger, text);
  const stops = [
    serve({
      channel: DESKTOP_CALLS.state,
      input: NOTHING,
      answer(_input, contents) {
        follow(contents);
        return state();
      },
    }),
    serve({
      channel: DESKTOP_CALLS.choose,
      input: DesktopChoices.partial().strict(),
      answer(change) {
        choices.choose(change);
        return state();
      },
    }),
    ...(['check', 'download'] as const).map((step) =>
      serve({
        channel: step === 'check' ? DESKTOP_CALLS.checkForUpdate : DESKTOP_CALLS.downloadUpdate,
        input: NOTHING,
        async answer() {
          await updates[step]();
          return state();
        },
      }),
    ),
    serve({ channel: DESKTOP_CALLS.installUpdate, input: NOTHING, answer: () => updates.install() }),
    serve({
      channel: DESKTOP_CALLS.openLoginPage,
      input: SERVER_NAME,
      answer: (name) => openLoginPage(name),
    }),
  ];

  return {
    announce() {
      const now = state();
      for (const contents of pages) {
        if (!contents.isDestroyed()) contents.postMessage(DESKTOP_STATE_CHANNEL, now);
      }
    },
    dispose() {
      for (const stop of stops) stop();
      pages.clear();
    },
  };
}
