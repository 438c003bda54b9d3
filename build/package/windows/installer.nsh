; The command `spacepanda`: the folder with spacepanda.cmd is put on the path of this user, and taken off again.
; PowerShell does it, because NSIS cuts off a path that is longer than 1,024 characters.
!macro customInstall
  nsExec::Exec `powershell -NoProfile -ExecutionPolicy Bypass -File "$INSTDIR\resources\command\path.ps1" add "$INSTDIR\resources\command"`
!macroend

!macro customUnInstall
  nsExec::Exec `powershell -NoProfile -ExecutionPolicy Bypass -File "$INSTDIR\resources\command\path.ps1" remove "$INSTDIR\resources\command"`
!macroend
