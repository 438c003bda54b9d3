# Puts a folder on the path of this user, or takes it off: path.ps1 add|remove FOLDER
param([string]$What, [string]$Folder)
# As it is written: read through Environment, %NAMES% in it would be filled in, and stay so.
$key = [Microsoft.Win32.Registry]::CurrentUser.OpenSubKey('Environment')
$path = if ($key) { $key.GetValue('Path', '', 'DoNotExpandEnvironmentNames') } else { '' }
$others = @($path -split ';' | Where-Object { $_ -ne '' -and $_ -ne $Folder })
$next = if ($What -eq 'add') { $others + $Folder } else { $others }
[Environment]::SetEnvironmentVariable('Path', ($next -join ';'), 'User')
