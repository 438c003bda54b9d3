@echo off
rem The window without arguments or with a link, the command line with anything else (electron/entry.ts).
rem `start /wait`: a program with a window does not hold the prompt until it ends, a command has to.
setlocal
set "program=%~dp0..\..\SpacePanda.exe"
if "%~1"=="" (
  start "" "%program%"
  exit /b 0
)
start "" /b /wait "%program%" --command-line --no-sandbox --disable-gpu -- %*
exit /b %errorlevel%
