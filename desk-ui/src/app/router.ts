import { createRouter, createWebHistory } from 'vue-router'
import ConversationPage from '../features/assistant/pages/ConversationPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    title?: string
    /** Drawn without the navigation around it. */
    bare?: boolean
  }
}

/** Only the conversation is in the first load; every other page comes when it is opened. */
export const router = createRouter({
  history: createWebHistory('/steward/'),
  routes: [
    { path: '/', name: 'home', component: ConversationPage, meta: { title: 'New conversation' } },
    {
      path: '/c/:id',
      name: 'conversation',
      component: ConversationPage,
      props: true,
      meta: { title: 'Conversation' },
    },
    {
      path: '/requests',
      name: 'requests',
      component: () => import('../features/assistant/pages/RequestsPage.vue'),
      meta: { title: 'Requests' },
    },
    {
      path: '/requests/:id',
      name: 'request',
      component: () => import('../features/assistant/pages/RequestPage.vue'),
      props: true,
      meta: { title: 'Request' },
    },
    {
      path: '/usage',
      name: 'usage',
      component: () => import('../features/gateway/pages/UsagePage.vue'),
      meta: { title: 'Usage' },
    },
    {
      path: '/settings',
      name: 'settings',
      component: () => import('../features/gateway/pages/SettingsPage.vue'),
      meta: { title: 'Settings' },
    },
    {
      path: '/audit',
      name: 'audit',
      component: () => import('../features/privacy/pages/AuditPage.vue'),
      meta: { title: 'Audit' },
    },
    {
      path: '/panel',
      name: 'panel',
      component: () => import('../features/assistant/pages/PanelPage.vue'),
      meta: { title: 'Steward', bare: true },
    },
    {
      path: '/:rest(.*)*',
      name: 'not-found',
      component: () => import('./NotFoundPage.vue'),
      meta: { title: 'Not found' },
    },
  ],
})

router.afterEach((to) => {
  document.title = to.meta.title ? `${to.meta.title} · Steward` : 'Steward'
})
