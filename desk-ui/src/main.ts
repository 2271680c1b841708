// First of all: it takes the sign-in's answer out of the address before the router reads that.
import './features/session/sign-in-answer.ts'
import { createApp } from 'vue'
import App from './app/App.vue'
import { router } from './app/router.ts'
import { startSession } from './features/session/session.ts'
import './style.css'

void startSession()
createApp(App).use(router).mount('#app')
