/** A form that posts to `login` and goes on to where the person wanted to be. */
export function loginPage(redirectTo: string): string {
  const target = isLocal(redirectTo) ? redirectTo : '/app'
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Login</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 }
form { display: grid; gap: 12px; width: 300px }
input, button { font: inherit; padding: 8px 10px; border: 1px solid #999; border-radius: 8px }
button { background: #171717; color: #fff; cursor: pointer }
[role=alert] { color: #b52a2a; min-height: 1.4em; margin: 0 }
</style></head>
<body><form class="form-login" method="post" action="/api/method/login">
<h1>Sign in</h1>
<label for="login_email">Email</label><input id="login_email" name="usr" autocomplete="username" required>
<label for="login_password">Password</label>
<input id="login_password" name="pwd" type="password" autocomplete="current-password" required>
<button class="btn-login" type="submit">Login</button><p role="alert"></p>
</form><script>
const target = ${JSON.stringify(target).replaceAll('<', '\\u003c')}
document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const body = new URLSearchParams(new FormData(event.target))
  const response = await fetch('/api/method/login', { method: 'POST', body })
  if (response.ok) location.assign(target)
  else document.querySelector('[role=alert]').textContent = 'Invalid login. Try again.'
})
</script></body></html>`
}

/** Only a path of this site: nobody is sent elsewhere after signing in, except to finish OAuth here. */
function isLocal(target: string): boolean {
  if (target.startsWith('/') && !target.startsWith('//')) return true
  return /^https?:\/\/[^/]+\/api\/method\/frappe\.integrations\.oauth2\./.test(target)
}
