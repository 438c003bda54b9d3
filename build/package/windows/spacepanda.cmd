@echo off
rem The window without arguments or with a link, the command line with anything else (electron/entry.ts).
rem `start /wait`: a program with a window does not hold the prompt until it ends, a command has to.
setlocal
set "program=%~dp0..\..\SpacePanda.exe"
if "%~1"=="" (
  start "" "%program%"
  exit /b 0
)
rem Not with the switches of a command: a window needs its sandbox.
set "first=%~1"
if /i "%first:~0,11%"=="spacepanda:" (
  start "" "%program%" "%~1"
  exit /b 0
)
start "" /b /wait "%program%" --command-line --no-sandbox --disable-gpu -- %*
exit /b %errorlevel%
