import { chromium } from 'playwright-core';
import { chromiumOptions } from '../chromium.mjs';

export const launch = () => chromium.launch(chromiumOptions);
