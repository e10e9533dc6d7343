@echo off
rem The command line of an installed Patchbay: the app's own binary as plain Node, so that no Node is needed.
rem Without words, or with "desktop", it opens the app.
setlocal
if "%~1"=="" goto desktop
if /i "%~1"=="desktop" goto desktop
set ELECTRON_RUN_AS_NODE=1
"%~dp0..\..\Patchbay.exe" "%~dp0..\app.asar\dist\cli.mjs" %*
exit /b %ERRORLEVEL%

:desktop
set ELECTRON_RUN_AS_NODE=
start "" "%~dp0..\..\Patchbay.exe"
