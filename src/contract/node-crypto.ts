import type crypto from 'node:crypto';
import { once } from '../base/once.ts';

/** node:crypto, loaded when it is used: it takes milliseconds, and most starts need nothing of it. */
export const nodeCrypto: () => typeof crypto = once(() => process.getBuiltinModule('node:crypto'));
