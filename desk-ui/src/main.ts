import { createApp } from 'vue'
import App from './app/App.vue'
import { router } from './app/router.ts'
import { startSession } from './features/session/session.ts'
import './style.css'

void startSession()
createApp(App).use(router).mount('#app')
