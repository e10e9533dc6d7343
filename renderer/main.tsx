import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { App } from './app.tsx';
import { ExchangeLog } from './lib/exchange-log.ts';
import { HubData } from './lib/hub-data.ts';
import { createHubLink } from './lib/hub-link.ts';
import { tellDesktopLanguage } from './lib/desktop-language.ts';
import { chosenLanguage, language } from './lib/language.ts';
import { applyTheme } from './lib/theme.ts';
import { TrafficFeed } from './lib/traffic-feed.ts';
import { FailureBoundary } from './shell/failure-boundary.tsx';
import './styles/app.css';

// The content security policy forbids building code from strings, which zod otherwise does for speed.
z.config({ jitless: true });
applyTheme(document.documentElement);
// Screen readers choose their voice by it.
document.documentElement.lang = language;
if (window.patchbay) void tellDesktopLanguage(window.patchbay, chosenLanguage());

const link = createHubLink(window);
const services = {
  link,
  data: new HubData(link),
  traffic: new TrafficFeed(link, new ExchangeLog(window)),
};

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <FailureBoundary extent="window" place="">
      <App services={services} />
    </FailureBoundary>
  </StrictMode>,
);
