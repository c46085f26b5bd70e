// Entry of the window: opens the link to the services, makes the state, mounts the page. Wires, decides nothing.

import { mount } from 'svelte';
import App from './App.svelte';
import './theme.css';
import { openLink } from './bridge/link.ts';
import { createWindowState } from './state/window.ts';

const target = document.getElementById('window');
if (!target) throw new Error('index.html has no element #window');
mount(App, { target, props: { state: createWindowState(openLink(), localStorage) } });
