// allauth reports a passkey that was refused, cancelled or not there to the console only.
document.addEventListener('allauth.error', function () {
  document.getElementById('passkey_problem').hidden = false
})
