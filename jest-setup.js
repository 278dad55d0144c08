// Jest setup provided by Grafana scaffolding
import './.config/jest-setup';
import { configure } from '@testing-library/react';

// Real editors in jsdom are slow on a busy machine.
configure({ asyncUtilTimeout: 10_000 });
